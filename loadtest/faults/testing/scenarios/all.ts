import type { Scenario } from '../scenario.ts'
import { clientNeverReads } from './client-never-reads.ts'
import { clientsLeave } from './clients-leave.ts'
import { clockJumps, clockJumpsWithRedis } from './clock-jumps.ts'
import { dataFolderDeleted } from './data-folder-deleted.ts'
import { dataFolderReadOnly } from './data-folder-read-only.ts'
import { dataFolderReplaced } from './data-folder-replaced.ts'
import { deadLettersUnwritable } from './dead-letters-unwritable.ts'
import { diskFull } from './disk-full.ts'
import { diskRefusesWrites } from './disk-refuses-writes.ts'
import { foreignJobs } from './foreign-jobs.ts'
import { jobPastItsStalls } from './job-past-its-stalls.ts'
import { junkRequests } from './junk-requests.ts'
import { killedAtAnyMoment } from './killed-at-any-moment.ts'
import { killedWithCallsInFlight } from './killed-with-calls-in-flight.ts'
import { killedWithRecordsWaiting } from './killed-with-records-waiting.ts'
import { langfuseAnswersLost } from './langfuse-answers-lost.ts'
import { langfuseDown } from './langfuse-down.ts'
import { langfuseErrors } from './langfuse-errors.ts'
import { langfuseHangs } from './langfuse-hangs.ts'
import { langfuseLinkFails } from './langfuse-link-fails.ts'
import { langfuseRateLimits } from './langfuse-rate-limits.ts'
import { langfuseRefusesKeys } from './langfuse-refuses-keys.ts'
import { langfuseRefusesOneOfABatch } from './langfuse-refuses-one-of-a-batch.ts'
import { langfuseRefusesSome } from './langfuse-refuses-some.ts'
import { langfuseShowsLate } from './langfuse-shows-late.ts'
import { langfuseTooLarge } from './langfuse-too-large.ts'
import { largePrompts, manyPrompts, memoryFills } from './memory-fills.ts'
import { memoryLimit } from './memory-limit.ts'
import { overload } from './overload.ts'
import { recorderDies } from './recorder-dies.ts'
import { redisFlushed } from './redis-flushed.ts'
import { redisHung } from './redis-hung.ts'
import { redisKilled } from './redis-killed.ts'
import { redisLinkBreaks } from './redis-link-breaks.ts'
import { redisLinkForgets } from './redis-link-forgets.ts'
import { redisLinkStalls } from './redis-link-stalls.ts'
import { redisNearlyFull } from './redis-nearly-full.ts'
import { redisOutOfMemory } from './redis-out-of-memory.ts'
import { redisReadOnly } from './redis-read-only.ts'
import { redisRestartsEmpty } from './redis-restarts-empty.ts'
import { redisSlow } from './redis-slow.ts'
import { redisUnreachableAtStart } from './redis-unreachable-at-start.ts'
import { slowHeads } from './slow-heads.ts'
import { soak } from './soak.ts'
import { spoolBytesFlipped, spoolCutOff, spoolDeleted, spoolWordsChanged } from './spool-damaged.ts'
import { spoolFull } from './spool-full.ts'
import { stoppedWithStreams } from './stopped-with-streams.ts'
import { stoppedWithinTwoSeconds } from './stopped-within-two-seconds.ts'
import { stoppingServesOn } from './stopping-serves-on.ts'
import { storeIsAFile, storeIsRubbish } from './store-broken.ts'
import { upstreamCutsAnswers } from './upstream-cuts-answers.ts'
import { upstreamHangs } from './upstream-hangs.ts'
import { upstreamMisbehaves } from './upstream-misbehaves.ts'
import { upstreamRefuses } from './upstream-refuses.ts'
import { upstreamStalls } from './upstream-stalls.ts'
import { workerKilledAfterSending } from './worker-killed-after-sending.ts'
import { workerKilledBeforeSending } from './worker-killed-before-sending.ts'
import { workerKilledFiveTimes } from './worker-killed-five-times.ts'
import { workerStopsWithoutRedis } from './worker-stops-without-redis.ts'

/** In the order in which they are run. */
export const scenarios: readonly Scenario[] = [
  clientNeverReads,
  clientsLeave,
  clockJumps,
  clockJumpsWithRedis,
  dataFolderDeleted,
  dataFolderReadOnly,
  dataFolderReplaced,
  deadLettersUnwritable,
  diskFull,
  diskRefusesWrites,
  foreignJobs,
  jobPastItsStalls,
  junkRequests,
  killedAtAnyMoment,
  killedWithCallsInFlight,
  killedWithRecordsWaiting,
  langfuseAnswersLost,
  langfuseDown,
  langfuseErrors,
  langfuseHangs,
  langfuseLinkFails,
  langfuseRateLimits,
  langfuseRefusesKeys,
  langfuseRefusesOneOfABatch,
  langfuseRefusesSome,
  langfuseShowsLate,
  langfuseTooLarge,
  largePrompts,
  manyPrompts,
  memoryFills,
  memoryLimit,
  overload,
  recorderDies,
  redisFlushed,
  redisHung,
  redisKilled,
  redisLinkBreaks,
  redisLinkForgets,
  redisLinkStalls,
  redisNearlyFull,
  redisOutOfMemory,
  redisReadOnly,
  redisRestartsEmpty,
  redisSlow,
  redisUnreachableAtStart,
  slowHeads,
  soak,
  spoolBytesFlipped,
  spoolCutOff,
  spoolDeleted,
  spoolFull,
  spoolWordsChanged,
  stoppedWithStreams,
  stoppedWithinTwoSeconds,
  stoppingServesOn,
  storeIsAFile,
  storeIsRubbish,
  upstreamCutsAnswers,
  upstreamHangs,
  upstreamMisbehaves,
  upstreamRefuses,
  upstreamStalls,
  workerKilledAfterSending,
  workerKilledBeforeSending,
  workerKilledFiveTimes,
  workerStopsWithoutRedis,
]
