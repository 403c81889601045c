import { expect, test } from 'vitest'
import { configuredSettings } from './configured-settings.ts'

test('the variables that are set are shown, secrets without their value', () => {
  const env = {
    PORT: '4000',
    HOST: '',
    LANGFUSE_HOST: 'https://langfuse.example',
    LANGFUSE_SECRET_KEY: 'sk-lf-1',
    REDIS_URL_FILE: '/run/secrets/redis',
    PATH: '/bin',
  }
  expect(configuredSettings(env)).toEqual([
    { variable: 'PORT', shown: '4000' },
    { variable: 'REDIS_URL_FILE', shown: '/run/secrets/redis' },
    { variable: 'LANGFUSE_SECRET_KEY', shown: 'set' },
    { variable: 'LANGFUSE_HOST', shown: 'https://langfuse.example' },
  ])
})

test('credentials in a URL are masked', () => {
  const env = { UPSTREAMS: 'a=https://user:pass@a.example/v1,b=http://b.example@c' }
  expect(configuredSettings(env)[0]?.shown).toBe('a=https://***@a.example/v1,b=http://***@c')
})
