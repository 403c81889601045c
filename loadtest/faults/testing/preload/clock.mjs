// Loaded before threadtap: moves its wall clock by as many ms as the file says, in every thread. Monotonic clocks go on.
import { readFileSync } from 'node:fs'

const file = new URL(import.meta.url).searchParams.get('file')
const RealDate = Date
let offsetMs = 0
setInterval(() => {
  try {
    offsetMs = Number(readFileSync(file, 'utf8'))
  } catch {
    offsetMs = 0
  }
}, 10).unref()

globalThis.Date = class JumpingDate extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + offsetMs)
    else super(...args)
  }

  static now() {
    return RealDate.now() + offsetMs
  }
}
