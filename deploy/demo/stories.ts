/** What the storyteller tells, by a word of what it is asked. */
const stories: readonly (readonly [about: string, story: string])[] = [
  [
    'letter',
    'The letter left on a Tuesday, in the pocket of a sailor who could not read. For eleven days it listened to the engine. When the ship came in, nobody was there to take it, so that it waited on a shelf between two others, and in the end all three were read aloud, in the order in which they had been sent.',
  ],
  [
    'lighthouse',
    'There was a lighthouse that counted ships. It had no one to tell, and so it wrote each number on the sea, where it was gone at once. One winter a keeper came who had a book. From then on every ship was in it twice: when it came into sight, and when it had passed. The two columns always added up.',
  ],
  [
    'queue',
    'A queue does very little all day. It takes what comes, and holds it; it gives away what has waited longest, and forgets it only when somebody says that it has arrived. People who pass by think that it stands still. It is the only one in the house that knows where everything is.',
  ],
]

/** @returns the story that the question asks for */
export const storyFor = (question: string): string =>
  (stories.find(([about]) => question.includes(about)) ?? stories[0])?.[1] ?? ''
