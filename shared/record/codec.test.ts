import { expect, test } from 'vitest'
import { decodePack, encodePack, UnreadablePack } from './codec.ts'

const record = JSON.stringify({ v: 1, id: 'r', trace: {}, context: {}, times: {} })

test('a pack decodes to what was encoded', () => {
  const text = encodePack('p-o-1', 'o', [record, record])
  expect(decodePack(text)).toEqual({
    id: 'p-o-1',
    origin: 'o',
    bytes: Buffer.byteLength(text),
    records: [JSON.parse(record), JSON.parse(record)],
  })
})

test('a pack whose bytes changed where it was stored is unreadable, though it is valid JSON', () => {
  const text = encodePack('p-1', 'o', [record, record])
  expect(() => decodePack(text.replace('"id":"r"', '"id":"s"'))).toThrow('its checksum is wrong')
  expect(() => decodePack(text.replace(',{', ', {'))).toThrow('its checksum is wrong')
})

test('a pack of an older version, which has no checksum, is read', () => {
  const records = [JSON.parse(record)]
  const text = JSON.stringify({ v: 1, id: 'p-1', origin: 'o', records })
  expect(decodePack(text).records).toEqual(records)
})

test('fields that a newer version added to a record are kept', () => {
  const newer = JSON.stringify({ ...JSON.parse(record), added: { later: true } })
  expect(decodePack(encodePack('p', 'o', [newer])).records[0]).toHaveProperty('added')
})

test.each([
  ['no JSON', '{'],
  ['a newer version', '{"v":2,"id":"p","origin":"o","records":[]}'],
  ['no records', '{"v":1,"id":"p","origin":"o"}'],
  ['something that is not a record', '{"v":1,"id":"p","origin":"o","records":[7]}'],
])('a pack with %s is unreadable', (_what, text) => {
  expect(() => decodePack(text)).toThrow(UnreadablePack)
})
