import { plain200, plain1000 } from './plain.ts'
import type { Scenario } from './scenario.ts'

/** In the order of the report. */
export const scenarios: readonly Scenario[] = [plain200, plain1000]
