import type { Random } from './random.ts'

/** Changes bytes in one way that wires, disks and programs are known for. */
type Damage = (bytes: Buffer, random: Random) => Buffer

const damages: Readonly<Record<string, Damage>> = {
  'bytes flipped': (bytes, random) => {
    const changed = Buffer.from(bytes)
    for (let left = random.within(1, 8); left > 0 && changed.length > 0; left--) {
      changed[random.within(0, changed.length - 1)] = random.within(0, 255)
    }
    return changed
  },
  'bytes put in': (bytes, random) => insert(bytes, random, random.bytes(random.within(1, 40))),
  'invalid UTF-8 put in': (bytes, random) =>
    insert(
      bytes,
      random,
      Buffer.from(random.pick(['ff', 'c0af', 'eda080', 'f4908080', 'e282', '80']), 'hex'),
    ),
  'marks put in': (bytes, random) =>
    insert(bytes, random, Buffer.from(random.pick(['\n', '\r', '\r\n\r\n', ':', '"', '\\', '{', ']', '\0']))),
  'part left out': (bytes, random) => {
    const [start, end] = range(bytes, random)
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)])
  },
  'part repeated': (bytes, random) => {
    const [start, end] = range(bytes, random)
    return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)])
  },
  'end left out': (bytes, random) => bytes.subarray(0, random.within(0, bytes.length)),
}

/** @returns the bytes after one to three damages, and what they were */
export function damage(bytes: Buffer, random: Random): { bytes: Buffer; notes: string[] } {
  const notes = Array.from({ length: random.within(1, 3) }, () => random.pick(Object.keys(damages)))
  const damaged = notes.reduce((current, name) => damages[name]?.(current, random) ?? current, bytes)
  return { bytes: damaged, notes }
}

function insert(bytes: Buffer, random: Random, added: Buffer): Buffer {
  const at = random.within(0, bytes.length)
  return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at)])
}

function range(bytes: Buffer, random: Random): readonly [start: number, end: number] {
  const start = random.within(0, bytes.length)
  return [start, Math.min(bytes.length, start + random.within(0, 2_000))]
}
