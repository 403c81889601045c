/** `pcm16` of OpenAI's audio: 24 kHz, one channel, 16 bits, little-endian (https://platform.openai.com/docs/guides/audio). */
const sampleRate = 24_000
const bytesPerSample = 2

/** @returns the samples as a WAV file, which browsers play and Langfuse takes; raw samples they do not */
export function wavOfPcm16(samples: Buffer): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(36 + samples.length, 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(sampleRate, 24)
  header.writeUInt32LE(sampleRate * bytesPerSample, 28)
  header.writeUInt16LE(bytesPerSample, 32)
  header.writeUInt16LE(bytesPerSample * 8, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(samples.length, 40)
  return Buffer.concat([header, samples])
}
