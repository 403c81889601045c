import { expect, test } from 'vitest'
import { uploadType } from './upload-type.ts'
import { wavOfPcm16 } from './wav.ts'

const latin1 = (text: string) => Buffer.from(text, 'latin1')

test.each([
  ['image/PNG; name=a', '', 'image/png'],
  ['audio/x-wav', '', 'audio/wav'],
  ['base64', '\x89PNG\r\n\x1a\n', 'image/png'],
  ['base64', '\xff\xd8\xff\xe0', 'image/jpeg'],
  ['base64', 'GIF89a', 'image/gif'],
  ['base64', 'RIFF\x00\n\x00\x00WEBP', 'image/webp'],
  ['audio', 'ID3\x04', 'audio/mpeg'],
  ['audio', '\xff\xfb\x90', 'audio/mpeg'],
  ['audio', 'fLaC', 'audio/flac'],
  ['audio/pcm', 'OggS', 'audio/ogg'],
  ['application/octet-stream', '%PDF-1.7', 'application/pdf'],
  ['base64', '\x00\x00\x00\x18ftypmp42', 'video/mp4'],
  ['base64', 'anything', undefined],
  ['application/x-unknown', '', undefined],
])('%s that begins with %j is uploaded as %s', (sent, start, type) => {
  expect(uploadType(sent, latin1(start))).toBe(type)
})

test('samples become a file that says how long it is', () => {
  const wav = wavOfPcm16(Buffer.alloc(48_000))
  expect(uploadType('audio/pcm', wav)).toBe('audio/wav')
  expect(wav.readUInt32LE(4)).toBe(wav.length - 8)
  expect(wav.readUInt32LE(40)).toBe(48_000)
  expect(wav.readUInt32LE(28)).toBe(48_000)
})
