import { startBare, startDirect } from './bare.ts'
import { startNginx } from './nginx.ts'
import type { StartSubject, SubjectName } from './subject.ts'
import { startSplit, startThreadtap } from './threadtap.ts'

/** How each subject is started. */
export const starts: Readonly<Partial<Record<SubjectName, StartSubject>>> = {
  direct: startDirect,
  bare: startBare,
  nginx: startNginx,
  // The nearest to "recording off" that there is a setting for: ids, times and usage are still recorded.
  'capture-none': startThreadtap('capture-none', { CAPTURE_CONTENT: 'none' }),
  proxy: startSplit,
  start: startThreadtap('start'),
}
