// What the BBC's waveform-data makes of a waveform: node read_waveform.mjs FILE
import { readFileSync } from "node:fs";
import WaveformData from "waveform-data";

const [, , file] = process.argv;
const data = readFileSync(file);
const waveform = WaveformData.create(
  file.endsWith(".json")
    ? JSON.parse(data.toString("utf8"))
    : data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength),
);
const channel = waveform.channel(0);
const half = waveform.resample({ width: Math.floor(waveform.length / 2) });

console.log(
  JSON.stringify({
    bits: waveform.bits,
    channels: waveform.channels,
    sampleRate: waveform.sample_rate,
    samplesPerPixel: waveform.scale,
    length: waveform.length,
    duration: waveform.duration,
    least: channel.min_array(),
    greatest: channel.max_array(),
    resampled: half.length,
  }),
);
