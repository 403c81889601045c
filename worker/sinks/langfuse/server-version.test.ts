import { expect, test } from 'vitest'
import { acceptsIngestion, parseVersion, protocolForVersion, versionInHealth } from './server-version.ts'

test.each([
  ['2.95.12', { major: 2, minor: 95, patch: 12 }, 'ingestion', true],
  ['3.21.9', { major: 3, minor: 21, patch: 9 }, 'ingestion', true],
  ['3.22.0', { major: 3, minor: 22, patch: 0 }, 'otlp', true],
  ['3.22', { major: 3, minor: 22, patch: 0 }, 'otlp', true],
  ['3.199.0', { major: 3, minor: 199, patch: 0 }, 'otlp', true],
  ['4.16.0', { major: 4, minor: 16, patch: 0 }, 'otlp', false],
  ['v4.16.0', { major: 4, minor: 16, patch: 0 }, 'otlp', false],
  ['4.0.0-rc.1', { major: 4, minor: 0, patch: 0 }, 'otlp', false],
  ['4', { major: 4, minor: 0, patch: 0 }, 'otlp', false],
  ['10.0.0', { major: 10, minor: 0, patch: 0 }, 'otlp', false],
] as const)('version %s', (text, version, protocol, ingestion) => {
  expect(parseVersion(text)).toEqual(version)
  expect(protocolForVersion(version)).toBe(protocol)
  expect(acceptsIngestion(version)).toBe(ingestion)
})

test.each([
  '',
  'latest',
  'v',
  '3.x',
  'version 3.22.0',
  '-1.0.0',
  '3..22',
  3,
  null,
  undefined,
  ['3.22.0'],
  {},
])('%j is not a version', (text) => expect(parseVersion(text)).toBeUndefined())

test('the version is found in the health response, also next to an error', () => {
  expect(versionInHealth('{"status":"OK","version":"3.22.0"}')).toBe('3.22.0')
  expect(versionInHealth('{"status":"Database not available","version":"v4.16.0"}')).toBe('v4.16.0')
})

test.each(['<html>', '', 'null', '[]', '"3.22.0"', '{"version":3}', '{"status":"OK"}'])(
  '%j reports no version',
  (body) => expect(versionInHealth(body)).toBeUndefined(),
)
