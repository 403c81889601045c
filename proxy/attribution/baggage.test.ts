import { expect, test } from 'vitest'
import { readBaggage } from './baggage.ts'

const valuesOf = (header: string) =>
  Object.fromEntries(Object.entries(readBaggage(header)).map(([field, sourced]) => [field, sourced.value]))

test.each([
  ['user.id=u%201;ttl=3 , session.id = s', { userId: 'u 1', sessionId: 's' }],
  ['session.id=plain,langfuse.session.id=langfuse', { sessionId: 'langfuse' }],
  [
    'langfuse_session_id=s,langfuse_user_id=u,langfuse_trace_name=n',
    { sessionId: 's', userId: 'u', traceName: 'n' },
  ],
  ['langfuse_tags=a%2Cb,langfuse_metadata_CourseId=7', { tags: ['a', 'b'], metadata: { CourseId: '7' } }],
  ['langfuse.environment=staging,other=1,=,broken', { environment: 'staging' }],
  ['user.id=100%', { userId: '100%' }],
  ['user.id=', {}],
])('%s gives %j', (header, values) => {
  expect(valuesOf(header)).toEqual(values)
})
