import type { Registry } from 'prom-client'
import type { Degradation } from '../degradation/degradations.ts'
import type { ReadLedger } from '../ledger/ledger.ts'
import type { AdminEvents } from './admin-events.ts'
import type { CallStore } from './call-store.ts'
import type { DeadLetters } from './dead-letters.ts'
import type { Access } from './guard.ts'
import type { LiveCalls } from './live-calls.ts'
import type { LoadPages } from './pages.ts'
import type { ReadyCheck } from './readiness.ts'

/** What a process shows of itself. The routes of what it does not have respond with 404 and the reason. */
export type AdminParts = Access & {
  readonly events: AdminEvents
  readonly registry: Registry
  /** Whether the part of the process that must never stand still still turns; without it, whether this thread does. */
  readonly alive?: ReadyCheck
  /** What the process needs for its own work. Never Redis, a sink or an upstream: see /readyz. */
  readonly checks: Readonly<Record<string, ReadyCheck>>
  /** What does not work for now, and stops nothing. */
  readonly degraded?: () => readonly Degradation[] | Promise<readonly Degradation[]>
  readonly ledger?: ReadLedger
  readonly calls?: CallStore
  readonly dead?: DeadLetters
  readonly live?: LiveCalls
  /** What people see at `/`. */
  readonly pages?: LoadPages
}
