import { code, markdownTable, page } from './markdown.ts'

type Failures = Readonly<
  Record<string, { readonly status: number; readonly type: string; readonly help: string }>
>

/** docs/errors.md: the responses that threadtap makes itself. */
export function errorsPage(failures: Failures): string {
  return page(
    'Errors',
    'proxy/ingress/failures.ts',
    "An upstream's response, errors included, is relayed unchanged. These are the data port's own errors, in " +
      "OpenAI's format, so that a client's SDK raises the error class of the status:",
    '```json\n{"error": {"message": "threadtap: ...", "type": "...", "param": null, "code": "..."}}\n```',
    markdownTable(
      ['Code', 'Status', 'Type', 'Meaning'],
      Object.entries(failures).map(([name, { status, type, help }]) => [
        code(name),
        String(status),
        code(type),
        help,
      ]),
    ),
  )
}
