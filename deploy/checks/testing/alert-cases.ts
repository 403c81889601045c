/** Series in promtool's notation (prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules), one value a minute. */
type Series = Readonly<Record<string, string>>

/** A situation, and whether the alert fires in it. */
export type AlertCase = {
  readonly alert: string
  readonly situation: string
  readonly series: Series
  readonly at: `${number}m`
  /** The labels of the alert, without its severity; absent where it must be silent. */
  readonly fires?: Readonly<Record<string, string>>
}

const pod = { namespace: 'shop', pod: 'cart-1', instance: '10.0.0.7:4011' }
const of = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')
const inPod = of(pod)

const drops = (reason: string): string => `threadtap_records_dropped_total{${inPod},reason="${reason}"}`
const workerDrops = (reason: string): string => `threadtap_worker_dropped_total{${inPod},reason="${reason}"}`
const calls = (ending: string): string =>
  `threadtap_calls_total{${inPod},upstream="default",operation="chat",ending="${ending}",status="x"}`

const leftOut = (what: string): string => `threadtap_left_out{${inPod},what="${what}"}`
const unrecordedBytes = `threadtap_unrecorded_body_bytes_total{${inPod},body="request"}`

/** A day of streams that take 0.32 to 0.64 s, and what comes after it. */
const dayOf = (fast: string, slow: string, all: string): Series => {
  const labels = `${inPod},upstream="default",gen_ai_request_model="m"`
  const bucket = (le: string) =>
    `gen_ai_client_inference_time_to_first_chunk_seconds_bucket{${labels},le="${le}"}`
  return {
    [bucket('0.32')]: '0x1600',
    [bucket('0.64')]: fast,
    [bucket('2.56')]: slow,
    [bucket('+Inf')]: all,
    [`gen_ai_client_inference_time_to_first_chunk_seconds_count{${labels}}`]: all,
  }
}

export const alertCases: readonly AlertCase[] = [
  {
    alert: 'ThreadtapRecordsDropped',
    situation: 'the first record that the spool drops',
    series: { [drops('spool_full')]: '0x10 1x20' },
    at: '12m',
    fires: { ...pod, reason: 'spool_full' },
  },
  {
    alert: 'ThreadtapRecordsDropped',
    situation: 'the first record for which the dead letters have no room',
    series: { [workerDrops('dead_letters_full')]: '0x10 1x20' },
    at: '12m',
    fires: { ...pod, reason: 'dead_letters_full' },
  },
  {
    alert: 'ThreadtapRecordsDropped',
    situation: 'records that the settings leave out',
    series: { [workerDrops('sampled_out')]: '0+50x30', [workerDrops('caller_unsampled')]: '0+5x30' },
    at: '20m',
  },
  {
    alert: 'ThreadtapRecordsDropped',
    situation: 'a drop of an hour ago',
    series: { [drops('spool_full')]: '0x5 1x80' },
    at: '70m',
  },
  {
    alert: 'ThreadtapRecordsTooOld',
    situation: 'a spool that nothing leaves',
    series: { [`threadtap_spool_oldest_record_age_seconds{${inPod}}`]: '0+60x40' },
    at: '22m',
    fires: { namespace: 'shop' },
  },
  {
    alert: 'ThreadtapRecordsTooOld',
    situation: 'a queue that no worker takes from, seen by a sidecar',
    series: {
      [`threadtap_spool_oldest_record_age_seconds{${inPod}}`]: '0x40',
      [`threadtap_queue_oldest_record_age_seconds{${inPod}}`]: '0+60x40',
    },
    at: '22m',
    fires: { namespace: 'shop' },
  },
  {
    alert: 'ThreadtapRecordsTooOld',
    situation: 'a quarter of an hour that is over within five minutes',
    series: { [`threadtap_worker_oldest_record_age_seconds{${inPod}}`]: '0+60x17 0x20' },
    at: '25m',
  },
  {
    alert: 'ThreadtapSinkRefuses',
    situation: 'wrong keys',
    series: { [`threadtap_sink_held{${inPod},sink="langfuse"}`]: '0x5 1x20' },
    at: '12m',
    fires: { namespace: 'shop', sink: 'langfuse' },
  },
  {
    alert: 'ThreadtapSinkRefuses',
    situation: 'a refusal of three minutes',
    series: { [`threadtap_sink_held{${inPod},sink="langfuse"}`]: '0x5 1x2 0x20' },
    at: '9m',
  },
  {
    alert: 'ThreadtapDeadLettersGrow',
    situation: 'the first dead letter',
    series: { [`threadtap_records_dead_lettered_total{${inPod}}`]: '0x10 1x20' },
    at: '12m',
    fires: { namespace: 'shop' },
  },
  {
    alert: 'ThreadtapDeadLettersGrow',
    situation: 'dead letters of yesterday',
    series: { [`threadtap_records_dead_lettered_total{${inPod}}`]: '7x100' },
    at: '90m',
  },
  {
    alert: 'ThreadtapSpoolNearlyFull',
    situation: 'a spool that fills up',
    series: {
      [`threadtap_spool_bytes{${inPod}}`]: '0+10x30',
      [`threadtap_spool_limit_bytes{${inPod}}`]: '100x30',
    },
    at: '15m',
    fires: pod,
  },
  {
    alert: 'ThreadtapSpoolNearlyFull',
    situation: 'a spool that is half full',
    series: {
      [`threadtap_spool_bytes{${inPod}}`]: '50x30',
      [`threadtap_spool_limit_bytes{${inPod}}`]: '100x30',
    },
    at: '25m',
  },
  {
    alert: 'ThreadtapNotRecording',
    situation: 'calls without records',
    series: {
      [`threadtap_overhead_seconds_count{${inPod}}`]: '0+10x60',
      [`threadtap_records_accepted_total{${inPod}}`]: '0+10x20 200x40',
    },
    at: '45m',
    fires: pod,
  },
  {
    alert: 'ThreadtapNotRecording',
    situation: 'calls with records',
    series: {
      [`threadtap_overhead_seconds_count{${inPod}}`]: '0+10x60',
      [`threadtap_records_accepted_total{${inPod}}`]: '0+10x60',
    },
    at: '45m',
  },
  {
    alert: 'ThreadtapNotRecording',
    situation: 'no traffic',
    series: {
      [`threadtap_overhead_seconds_count{${inPod}}`]: '100x60',
      [`threadtap_records_accepted_total{${inPod}}`]: '100x60',
    },
    at: '45m',
  },
  {
    alert: 'ThreadtapLeavesOut',
    situation: 'content that is left out every few minutes, for half an hour',
    series: {
      [leftOut('content')]: '0x5 1 0 0 1 0 0 1 0 0 1 0 0 1 0 0 1 0 0 1 0x40',
      [leftOut('bodies')]: '0x60',
    },
    at: '22m',
    fires: { ...pod, what: 'content' },
  },
  {
    alert: 'ThreadtapLeavesOut',
    situation: 'bodies that the tape has no room for, without SHED_LOAD',
    series: { [unrecordedBytes]: '0x5 1000+1000x40', [leftOut('bodies')]: '0x60' },
    at: '22m',
    fires: { ...pod, what: 'bodies' },
  },
  {
    alert: 'ThreadtapLeavesOut',
    situation: 'a burst of three minutes',
    series: {
      [leftOut('content')]: '0x5 1x3 0x40',
      [leftOut('bodies')]: '0x5 1x2 0x40',
      [unrecordedBytes]: '0x5 1000x40',
    },
    at: '14m',
  },
  {
    alert: 'ThreadtapDegraded',
    situation: 'a disk that stays full',
    series: {
      [`threadtap_degraded{${inPod},part="spool"}`]: '0x5 1x40',
      [`threadtap_degraded{${inPod},part="redis"}`]: '0x45',
    },
    at: '30m',
    fires: { ...pod, part: 'spool' },
  },
  {
    alert: 'ThreadtapDegraded',
    situation: 'a Redis that is away for ten minutes',
    series: { [`threadtap_degraded{${inPod},part="redis"}`]: '0x5 1x10 0x30' },
    at: '18m',
  },
  {
    alert: 'ThreadtapDown',
    situation: 'a sidecar that does not answer',
    series: { [`up{${inPod},job="threadtap/threadtap-sidecars"}`]: '1x5 0x20' },
    at: '12m',
    fires: pod,
  },
  {
    alert: 'ThreadtapDown',
    situation: 'somebody else’s process',
    series: { [`up{${inPod},job="node-exporter"}`]: '0x20' },
    at: '12m',
  },
  {
    alert: 'ThreadtapUpstreamErrors',
    situation: 'one call in five fails',
    series: { [calls('completed')]: '0+8x30', [calls('upstream_error')]: '0+2x30' },
    at: '20m',
    fires: { namespace: 'shop', upstream: 'default' },
  },
  {
    alert: 'ThreadtapUpstreamErrors',
    situation: 'clients that leave',
    series: { [calls('completed')]: '0+8x30', [calls('client_closed')]: '0+8x30' },
    at: '20m',
  },
  {
    alert: 'ThreadtapUpstreamErrors',
    situation: 'one failure in a quiet hour',
    series: { [calls('completed')]: '0x30', [calls('timed_out')]: '0x10 1x20' },
    at: '15m',
  },
  {
    alert: 'ThreadtapSlowFirstToken',
    situation: 'streams that take two seconds, after a day of half a second',
    series: dayOf('0+2x1440 2880x160', '0+2x1600', '0+2x1600'),
    at: '1500m',
    fires: { namespace: 'shop', upstream: 'default', gen_ai_request_model: 'm' },
  },
  {
    alert: 'ThreadtapSlowFirstToken',
    situation: 'a day like every other',
    series: dayOf('0+2x1600', '0+2x1600', '0+2x1600'),
    at: '1500m',
  },
  {
    alert: 'ThreadtapSlowFirstToken',
    situation: 'a handful of slow streams',
    series: dayOf('0+2x1440 2880x160', '0+2x1440 2880+0.1x160', '0+2x1440 2880+0.1x160'),
    at: '1500m',
  },
]
