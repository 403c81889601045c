import { hundredAtOnce, hundredCalls } from './baseline.ts'
import { prompts8mb, promptsBatched, promptsMixed } from './large-prompts.ts'
import { plain200, plain1000 } from './plain.ts'
import { saturation } from './saturation.ts'
import type { Scenario } from './scenario.ts'
import { slowCall } from './slow-call.ts'
import { streams50, streams200, streams1000 } from './streams.ts'

/** In the order of the report. */
export const scenarios: readonly Scenario[] = [
  plain200,
  plain1000,
  saturation,
  streams50,
  streams200,
  streams1000,
  prompts8mb,
  promptsMixed,
  promptsBatched,
  slowCall,
  hundredCalls,
  hundredAtOnce,
]
