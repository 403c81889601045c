import { code, markdownTable, page } from './markdown.ts'

type Failures = Readonly<
  Record<string, { readonly status: number; readonly type: string; readonly help: string }>
>

/** docs/errors.md: the answers that are threadtap's own. */
export function errorsPage(failures: Failures): string {
  return page(
    'Errors',
    'proxy/ingress/failures.ts',
    "What an upstream answers, errors included, reaches the client as it is. These are the data port's own, in " +
      "OpenAI's shape, so that a client's SDK raises the class that belongs to the status:",
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
