import type { InferenceRecord } from './record.ts'

/** A record and the one that completes it have the same id, and are delivered each for itself: what tells them apart. */
export const deliveryId = ({ id, completedBy }: Pick<InferenceRecord, 'id' | 'completedBy'>): string =>
  completedBy === undefined ? id : `${id}-completed`
