import type { CallDelivery } from '../admin/call-store.ts'
import { localTime } from './cells.ts'

/** What became of a call's record, and what to type where it did not arrive. */
export function deliveryText(delivery: CallDelivery, id: string, now: number): string {
  switch (delivery.state) {
    case 'local':
      return 'kept here, and sent nowhere'
    case 'pending':
      return 'waiting; threadtap doctor says what for'
    case 'delivered':
      return `delivered at ${localTime(delivery.at, now)}`
    case 'dead_lettered':
      return `refused for good at ${localTime(delivery.at, now)}; threadtap dead show ${id}`
    case 'dropped':
      return `dropped at ${localTime(delivery.at, now)}: ${delivery.reason}`
  }
}
