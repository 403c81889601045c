import type { Random } from '../random/random.ts'

/** One kind of damage that networks, disks and programs cause. */
type Damage = (bytes: Buffer, random: Random) => Buffer

const damages: Readonly<Record<string, Damage>> = {
  'bytes flipped': (bytes, random) => {
    const changed = Buffer.from(bytes)
    for (let left = random.integer(1, 8); left > 0 && changed.length > 0; left--) {
      changed[random.integer(0, changed.length - 1)] = random.integer(0, 255)
    }
    return changed
  },
  'bytes inserted': (bytes, random) => insert(bytes, random, random.bytes(random.integer(1, 40))),
  'invalid UTF-8 inserted': (bytes, random) =>
    insert(
      bytes,
      random,
      Buffer.from(random.pick(['ff', 'c0af', 'eda080', 'f4908080', 'e282', '80']), 'hex'),
    ),
  'delimiters inserted': (bytes, random) =>
    insert(bytes, random, Buffer.from(random.pick(['\n', '\r', '\r\n\r\n', ':', '"', '\\', '{', ']', '\0']))),
  'part removed': (bytes, random) => {
    const [start, end] = range(bytes, random)
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)])
  },
  'part repeated': (bytes, random) => {
    const [start, end] = range(bytes, random)
    return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)])
  },
  truncated: (bytes, random) => bytes.subarray(0, random.integer(0, bytes.length)),
}

/** @returns the bytes after one to three kinds of damage, and notes of them */
export function damage(bytes: Buffer, random: Random): { bytes: Buffer; notes: string[] } {
  const notes = Array.from({ length: random.integer(1, 3) }, () => random.pick(Object.keys(damages)))
  const damaged = notes.reduce((current, name) => damages[name]?.(current, random) ?? current, bytes)
  return { bytes: damaged, notes }
}

function insert(bytes: Buffer, random: Random, added: Buffer): Buffer {
  const at = random.integer(0, bytes.length)
  return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at)])
}

function range(bytes: Buffer, random: Random): readonly [start: number, end: number] {
  const start = random.integer(0, bytes.length)
  return [start, Math.min(bytes.length, start + random.integer(0, 2_000))]
}
