/** Media types that Langfuse's media API takes (packages/shared/src/domain/media.ts of langfuse/langfuse, 4.16.0). */
const accepted: ReadonlySet<string> = new Set([
  ...['png', 'jpeg', 'jpg', 'webp', 'gif', 'svg+xml', 'tiff', 'bmp', 'avif', 'heic'].map((t) => `image/${t}`),
  ...['mpeg', 'mp3', 'wav', 'ogg', 'oga', 'aac', 'mp4', 'flac', 'opus', 'webm'].map((t) => `audio/${t}`),
  ...['mp4', 'webm', 'ogg', 'mpeg', 'quicktime', 'x-msvideo', 'x-matroska'].map((t) => `video/${t}`),
  ...['plain', 'html', 'css', 'csv', 'markdown'].map((t) => `text/${t}`),
  ...['pdf', 'msword', 'vnd.ms-excel', 'rtf', 'json', 'xml', 'zip'].map((t) => `application/${t}`),
  ...['wordprocessingml.document', 'spreadsheetml.sheet', 'presentationml.presentation'].map(
    (t) => `application/vnd.openxmlformats-officedocument.${t}`,
  ),
])

/** Other names of the same types. */
const aliases: Readonly<Record<string, string>> = {
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'audio/mpeg3': 'audio/mpeg',
  'audio/m4a': 'audio/mp4',
  'audio/x-m4a': 'audio/mp4',
  'audio/x-flac': 'audio/flac',
  'application/x-pdf': 'application/pdf',
}

/** The first bytes of common formats (https://mimesniff.spec.whatwg.org/, section 6), as Latin-1. */
const signatures: readonly (readonly [start: RegExp, mediaType: string])[] = [
  [/^\x89PNG\r\n/, 'image/png'],
  [/^\xff\xd8\xff/, 'image/jpeg'],
  [/^GIF8[79]a/, 'image/gif'],
  [/^RIFF[\s\S]{4}WEBP/, 'image/webp'],
  [/^RIFF[\s\S]{4}WAVE/, 'audio/wav'],
  [/^(ID3|\xff[\xfa\xfb\xf2\xf3])/, 'audio/mpeg'],
  [/^\xff[\xf1\xf9]/, 'audio/aac'],
  [/^fLaC/, 'audio/flac'],
  [/^OggS/, 'audio/ogg'],
  [/^%PDF-/, 'application/pdf'],
  [/^[\s\S]{4}ftyp(avif|avis)/, 'image/avif'],
  [/^[\s\S]{4}ftypM4A/, 'audio/mp4'],
  [/^[\s\S]{4}ftyp/, 'video/mp4'],
]

/**
 * @param mediaType as it was sent, with its parameters; where it says nothing the first bytes do
 * @returns the type under which Langfuse takes the medium; undefined where it takes none
 */
export function uploadType(mediaType: string, bytes: Buffer): string | undefined {
  const [essence = ''] = mediaType.toLowerCase().split(';')
  const named = aliases[essence.trim()] ?? essence.trim()
  if (accepted.has(named)) return named
  const start = bytes.toString('latin1', 0, 16)
  return signatures.find(([signature]) => signature.test(start))?.[1]
}
