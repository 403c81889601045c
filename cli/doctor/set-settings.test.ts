import { expect, test } from 'vitest'
import { setSettings } from './set-settings.ts'

test('what was set is shown, of secrets only that they were', () => {
  const env = {
    PORT: '4000',
    HOST: '',
    LANGFUSE_HOST: 'https://langfuse.example',
    LANGFUSE_SECRET_KEY: 'sk-lf-1',
    REDIS_URL_FILE: '/run/secrets/redis',
    PATH: '/bin',
  }
  expect(setSettings(env)).toEqual([
    { variable: 'PORT', shown: '4000' },
    { variable: 'REDIS_URL_FILE', shown: '/run/secrets/redis' },
    { variable: 'LANGFUSE_SECRET_KEY', shown: 'set' },
    { variable: 'LANGFUSE_HOST', shown: 'https://langfuse.example' },
  ])
})

test('credentials within a URL are not shown', () => {
  const env = { UPSTREAMS: 'a=https://user:pass@a.example/v1,b=http://b.example@c' }
  expect(setSettings(env)[0]?.shown).toBe('a=https://***@a.example/v1,b=http://***@c')
})
