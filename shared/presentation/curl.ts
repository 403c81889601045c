import type { InferenceRecord } from '../record/record.ts'
import { requestBodyOf } from './request-body.ts'

/** Linux takes no argument that is longer (MAX_ARG_STRLEN), which ends a command with an error. */
const maxArgumentBytes = 131_072

/**
 * A command that makes the call again, through threadtap. Credentials are not recorded: in their place stands the variable
 * that the SDKs read them from.
 * @param dataUrl `http://127.0.0.1:4010`; without it the base URL is what the SDKs read it from, too
 * @returns undefined where the request's content was not recorded, or was no JSON
 */
export function curlCommand(record: InferenceRecord, dataUrl: string | undefined): string | undefined {
  const body = requestBodyOf(record)
  if (body === undefined || record.method !== 'POST') return undefined
  const json = JSON.stringify(body)
  const isLong = Buffer.byteLength(json) > maxArgumentBytes
  const data = isLong ? '--data-binary @request.json' : `--data-raw ${quoted(json)}`
  const lines = [`curl ${urlOf(record, dataUrl)}`, ...headersOf(record).map((header) => `-H ${header}`), data]
  const note = isLong
    ? '# The body is too long for a command line: save the raw request as request.json.\n'
    : ''
  return `${note}${lines.join(' \\\n  ')}\n`
}

/** For a shell. */
function urlOf({ upstream, route, operation }: InferenceRecord, dataUrl: string | undefined): string {
  const path = `${upstream === 'default' ? '' : `/${encodeURIComponent(upstream)}`}${route}`
  if (dataUrl !== undefined) return quoted(`${dataUrl}${path}`)
  // Of OpenAI's the variable ends with /v1, of Anthropic's it does not.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell expands it
  const base = operation === 'messages' ? '$ANTHROPIC_BASE_URL' : '${OPENAI_BASE_URL%/v1}'
  return `"${base}"${quoted(path)}`
}

function headersOf({ operation }: InferenceRecord): readonly string[] {
  const type = "'content-type: application/json'"
  return operation === 'messages'
    ? [type, "'anthropic-version: 2023-06-01'", '"x-api-key: $ANTHROPIC_API_KEY"']
    : [type, '"authorization: Bearer $OPENAI_API_KEY"']
}

/** For a POSIX shell, in which nothing within single quotes has a meaning but their end. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
