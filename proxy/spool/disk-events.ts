/** Which operation of the spool's database failed. A closed set: it is a label. */
export const spoolOperations = ['open', 'write', 'read'] as const

export type SpoolOperation = (typeof spoolOperations)[number]

export type DiskEvents = {
  spoolFailed(operation: SpoolOperation, cause: unknown): void
  /** Its database was damaged; what could still be read was kept. */
  spoolRepaired(cause: unknown): void
  /** The disk works again, and what had been kept in memory is on it. */
  spoolRecovered(): void
}
