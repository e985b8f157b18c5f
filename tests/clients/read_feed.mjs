// Prints what podcast-partytime makes of a feed, as JSON: node read_feed.mjs MODULES FEED
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [, , modules, feed] = process.argv;
const { parseFeed } = createRequire(`${modules}/`)("podcast-partytime");
console.log(JSON.stringify(parseFeed(readFileSync(feed, "utf8"))));
