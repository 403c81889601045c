import zlib from 'node:zlib'

/**
 * Undoes a content-encoding, as far as the bytes go.
 * @returns undefined where the encoding is not known, the bytes are not in it, or grow beyond `maxBytes`
 */
export function decodeBody(bytes: Buffer, encoding: string, maxBytes: number): Buffer | undefined {
  if (encoding === '' || bytes.length === 0) return bytes
  try {
    return inflate(bytes, encoding, maxBytes)
  } catch {
    return undefined
  }
}

function inflate(bytes: Buffer, encoding: string, maxOutputLength: number): Buffer | undefined {
  // With a flush instead of an end as last step, a stream that was cut off still gives what it had.
  const options = { finishFlush: zlib.constants.Z_SYNC_FLUSH, maxOutputLength }
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.gunzipSync(bytes, options)
    case 'deflate':
      // RFC 9110 means zlib's format by `deflate`; some servers send the raw one.
      return hasZlibHeader(bytes) ? zlib.inflateSync(bytes, options) : zlib.inflateRawSync(bytes, options)
    case 'br':
      return zlib.brotliDecompressSync(bytes, {
        finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH,
        maxOutputLength,
      })
    case 'zstd':
      return inflateZstd(bytes, maxOutputLength)
    default:
      return undefined
  }
}

/** RFC 1950: the method in the low bits of the first byte, and both bytes together a multiple of 31. */
function hasZlibHeader(bytes: Buffer): boolean {
  const [first = 0, second = 0] = bytes
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0
}

type ZstdInflate = (
  bytes: Buffer,
  options: { readonly finishFlush: number; readonly maxOutputLength: number },
) => Buffer

/** Node has zstd since 22.15; the types of Node 20 do not know it. */
function inflateZstd(bytes: Buffer, maxOutputLength: number): Buffer | undefined {
  const { zstdDecompressSync, constants } = zlib as {
    readonly zstdDecompressSync?: ZstdInflate
    readonly constants: { readonly ZSTD_e_flush?: number }
  }
  return zstdDecompressSync?.(bytes, { finishFlush: constants.ZSTD_e_flush ?? 1, maxOutputLength })
}
