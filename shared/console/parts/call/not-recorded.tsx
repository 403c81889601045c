import type { CallDetail } from '../../../admin/call-store.ts'

type NotRecordedProps = { readonly call: CallDetail; readonly what: 'request' | 'answer' }

/** Why there is nothing to show. */
export function NotRecorded({ call, what }: NotRecordedProps) {
  const { content, request, response, ending } = call
  const bytes = what === 'request' ? request.bodyBytes : response.bodyBytes
  if (content !== undefined) {
    return (
      <p class="empty">
        <code>CAPTURE_CONTENT={content}</code> is set, so that the {what} is not recorded, only its size:{' '}
        {bytes} bytes.
      </p>
    )
  }
  if (what === 'answer' && ending === 'running') {
    return <p class="empty">The upstream goes on generating it; it is here once a call has fetched it.</p>
  }
  if (bytes === 0) return <p class="empty">The {what} had no body.</p>
  return (
    <p class="empty">
      Nothing of the {what} could be recorded; it had {bytes} bytes.
    </p>
  )
}
