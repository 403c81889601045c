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
