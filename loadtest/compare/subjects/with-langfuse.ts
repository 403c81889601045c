import { startModule, stopChild } from './child.ts'
import type { StartSubject, SubjectName } from './subject.ts'
import { startThreadtap } from './threadtap.ts'

/** `threadtap start` that delivers to a Langfuse in such a state. The stand-in's own cost is not counted. */
export const startWithLangfuse =
  (name: SubjectName, state: 'fast' | 'slow' | 'dead'): StartSubject =>
  async (modelPort) => {
    const langfuse = await startModule(new URL('./langfuse-stand-in.js', import.meta.url), { STATE: state })
    const subject = await startThreadtap(name, {
      LANGFUSE_BASE_URL: `http://127.0.0.1:${langfuse.port}`,
      LANGFUSE_PUBLIC_KEY: 'pk-lf-compare',
      LANGFUSE_SECRET_KEY: 'sk-lf-compare',
    })(modelPort)
    if (typeof subject === 'string') return subject
    return {
      ...subject,
      async stop() {
        await subject.stop()
        await stopChild(langfuse.child)
      },
    }
  }
