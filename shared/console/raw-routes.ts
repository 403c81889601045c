import type { Context, Hono } from 'hono'
import { type CallDetail, type CallStore, CallsUnavailable, noSuchCall } from '../admin/call-store.ts'
import { curlCommand } from '../presentation/curl.ts'
import { requestBodyOf } from '../presentation/request-body.ts'

/** What is recorded of a call, as text: a browser neither renders nor runs it. */
export function addRawRoutes(app: Hono, store: CallStore, dataUrl: string | undefined): void {
  function get(name: string, textOf: (call: CallDetail) => string | undefined): void {
    app.get(`/calls/:id/${name}`, async (c: Context) => {
      try {
        const call = await store.call(c.req.param('id') ?? '')
        if (call === undefined) return c.text(`${noSuchCall}\n`, 404)
        const text = textOf(call)
        return text === undefined ? c.text(`${notRecorded(call)}\n`, 404) : c.text(text)
      } catch (cause) {
        if (cause instanceof CallsUnavailable) return c.text(`${cause.message}\n`, 503)
        throw cause
      }
    })
  }

  get('request', (call) => json(requestBodyOf(call) ?? call.input))
  get('answer', (call) => json(call.output))
  get('record', json)
  get('curl', (call) => curlCommand(call, dataUrl))
}

const json = (value: unknown): string | undefined =>
  value === undefined ? undefined : `${JSON.stringify(value, null, 2)}\n`

const notRecorded = ({ content }: CallDetail): string =>
  content === undefined
    ? 'nothing of it could be recorded'
    : `not recorded: CAPTURE_CONTENT=${content} is set`
