// What the admin port says where it has no answer.

export const noLedger = 'this process keeps no ledger'
export const noDead = 'this process keeps no dead letters: they are with the worker'
export const noLive = 'no calls go by in this process: it is a worker, and they are with its proxies'
export const noStore =
  'this process keeps no local store: LOCAL_STORE is off, or it is a proxy, and the calls are with its workers'
export const failed = 'the request failed inside threadtap; the cause is in its log'
export const noRoute =
  'nothing is here; there are /livez, /readyz, /metrics, /ledger, /api/threads, /api/calls, /api/runs, /api/live, /api/dead'
