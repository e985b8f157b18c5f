// What an independent parser makes of a feed, as JSON: node read_feed.mjs PARSER FILE
import { readFileSync } from "node:fs";

const [, , name, file] = process.argv;
const text = readFileSync(file, "utf8");

const parsers = {
  feedsmith: async () => (await import("feedsmith")).parseFeed(text),
  partytime: async () => (await import("podcast-partytime")).default.parseFeed(text),
  "rss-parser": async () => new (await import("rss-parser")).default().parseString(text),
};

console.log(JSON.stringify(await parsers[name]()));
