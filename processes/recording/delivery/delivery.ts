import type { RecorderAssembly } from '../../../proxy/recorder/recorder-assembly.ts'
import type { WorkerAssembly } from '../../../worker/assembly.ts'
import type { CarrierAssembly } from '../../assembly/carrier-assembly.ts'
import type { WatchedRuntime } from '../../assembly/runtime.ts'

/** What runs in the recording thread beside the recorder: the worker too, or only the way to Redis. */
export type RecordingRole = 'start' | 'proxy'

/** How records go on from the spool. */
export type Delivery = {
  readonly carrier: CarrierAssembly
  /** Absent where it runs in other processes. */
  readonly worker?: WorkerAssembly
}

export type Deliver = (runtime: WatchedRuntime, recorder: RecorderAssembly) => Promise<Delivery>

/** Loads only the way that role and settings choose: a sidecar does without the worker, a single process without Redis. */
export async function loadDelivery(role: RecordingRole, redisUrl: string | undefined): Promise<Deliver> {
  if (redisUrl === undefined) return (await import('./embedded.ts')).deliverEmbedded
  if (role === 'proxy') return (await import('./publish.ts')).deliverTo(redisUrl)
  return (await import('./publish-and-take.ts')).deliverThrough(redisUrl)
}
