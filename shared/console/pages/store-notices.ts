import { noStore } from '../../admin/sentences.ts'
import { capitalized } from '../../presentation/capitalized.ts'
import type { Page, Section } from '../layout/page.ts'
import { noticePage } from './notice-page.tsx'

/** A process without a local store. */
export const noStorePage = (section: Section): Page =>
  noticePage({
    title: 'No calls are kept in this process',
    sentences: [
      `${capitalized(noStore)}.`,
      'Look at the admin port of a worker, or leave LOCAL_STORE at "on" where threadtap start runs everything.',
    ],
    section,
  })

/** A call, thread or run that is not there, or not any more. */
export const unknownPage = (section: Section): Page =>
  noticePage({
    title: 'Not kept here',
    sentences: [
      'It was never recorded here, or it was among the oldest and had to make room for newer calls.',
    ],
    section,
  })

/** @param reason one sentence without its full stop */
export const unavailablePage = (reason: string, section: Section): Page =>
  noticePage({
    title: 'The calls cannot be read now',
    sentences: [`${capitalized(reason)}.`, 'threadtap tries again by itself: reload the page in a minute.'],
    section,
  })
