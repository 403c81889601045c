import { readResponseHead, writeResponseHead } from '../tape/messages.ts'
import { redactFields } from './redact-fields.ts'

/** @param redactId REDACT @returns writes the head of a response as it may stand on disk */
export const createHeadWriter =
  (redactId: (text: string) => string) =>
  (payload: Buffer): string => {
    const { status, fields } = readResponseHead(payload)
    return writeResponseHead(status, redactFields(fields, redactId))
  }
