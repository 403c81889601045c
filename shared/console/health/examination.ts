import type { Examine, ExaminedPart } from '../../admin/examination.ts'

/** The servers as they were when somebody last wanted to know. */
export type Examined = {
  /** ms since 1970; absent where nobody has asked yet */
  readonly at?: number
  readonly parts: readonly ExaminedPart[]
}

export type Examination = {
  /** Whoever asks while one runs waits for that one: servers are asked once. */
  run(): Promise<void>
  last(): Examined
}

export function createExamination(examine: Examine, now: () => number): Examination {
  let last: Examined = { parts: [] }
  let running: Promise<void> | undefined

  async function examineNow(): Promise<void> {
    try {
      const parts = await examine()
      last = { at: now(), parts }
    } finally {
      running = undefined
    }
  }

  return {
    run() {
      running ??= examineNow()
      return running
    },
    last: () => last,
  }
}
