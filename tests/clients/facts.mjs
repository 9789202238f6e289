// What the test told this process, and how the process tells the test what it saw: one JSON object a line.

export const facts = JSON.parse(process.env.FACTS)

export const tell = (line) => console.log(JSON.stringify(line))

/** What `work` gives, or an error that names `what` when it takes longer than `seconds`. */
export async function within(seconds, what, work) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing after ${seconds} s`)), seconds * 1000)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
