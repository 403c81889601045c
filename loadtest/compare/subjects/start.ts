import { startBare, startDirect } from './bare.ts'
import { startNginx } from './nginx.ts'
import { startPortkey } from './portkey.ts'
import type { StartSubject, SubjectName } from './subject.ts'
import { startSplit, startThreadtap } from './threadtap.ts'
import { startWithLangfuse } from './with-langfuse.ts'

/** How each subject is started. */
export const starts: Readonly<Record<SubjectName, StartSubject>> = {
  direct: startDirect,
  bare: startBare,
  nginx: startNginx,
  // The nearest to "recording off" that there is a setting for: ids, times and usage are still recorded.
  'capture-none': startThreadtap('capture-none', {
    CAPTURE_CONTENT: 'none',
    LANGFUSE_ENABLED: 'false',
  }),
  proxy: startSplit,
  start: startThreadtap('start'),
  'journal-off': startThreadtap('journal-off', { CRASH_JOURNAL: 'off' }),
  'langfuse-fast': startWithLangfuse('langfuse-fast', 'fast'),
  'langfuse-slow': startWithLangfuse('langfuse-slow', 'slow'),
  'langfuse-dead': startWithLangfuse('langfuse-dead', 'dead'),
  portkey: startPortkey,
}
