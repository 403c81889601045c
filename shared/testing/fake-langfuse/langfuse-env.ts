import type { FakeLangfuse } from './fake-langfuse.ts'

/** Settings with which a process delivers to a fake Langfuse, soon after each record. */
export const langfuseEnv = ({ keys, baseUrl }: Pick<FakeLangfuse, 'keys' | 'baseUrl'>) => ({
  LANGFUSE_PUBLIC_KEY: keys.publicKey,
  LANGFUSE_SECRET_KEY: keys.secretKey,
  LANGFUSE_BASE_URL: baseUrl,
  LANGFUSE_FLUSH_INTERVAL: '0.1',
})
