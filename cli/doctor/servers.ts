import type { Config } from '../../shared/config/load.ts'
import { certificateCheck } from './certificate.ts'
import type { Check } from './check.ts'
import { langfuseCheck } from './langfuse.ts'
import { type NamedFinding, runChecks } from './named-findings.ts'
import { otlpCheck } from './otlp.ts'
import { redisCheck } from './redis.ts'
import { upstreamChecks } from './upstreams.ts'

/** What threadtap talks to, and the certificate that it shows. @param now ms since 1970 */
export const serverChecks = (config: Config, now: number): readonly Check[] => [
  ...upstreamChecks(config),
  certificateCheck(config, now),
  redisCheck(config),
  langfuseCheck(config),
  otlpCheck(config),
]

/**
 * The checks that a running process may make of itself. Not those of its databases: LevelDB closes the file that locks
 * them when they are opened a second time, and POSIX releases a process's lock with any descriptor that it closes.
 */
export const examineServers = (
  config: Config,
  now: number,
  timeoutMs: number,
): Promise<readonly NamedFinding[]> => runChecks(serverChecks(config, now), timeoutMs)
