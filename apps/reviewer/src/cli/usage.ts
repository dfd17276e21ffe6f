export const USAGE = `usage: executus-review --base REVISION | --diff FILE|- | --pr URL  [options]

What is reviewed
  --base REVISION        what happened on HEAD since it and REVISION parted
  --head REVISION        with --base: another end than HEAD
  --diff FILE            a diff, from a file or, with -, from standard input
  --pr URL               a pull request of GitHub or Gitea
  --include GLOB         only such files; may be given again
  --exclude GLOB         not such files; wins over --include

Who reviews
  EXECUTUS_REVIEW_MODELS a list of models, such as anthropic/claude-sonnet-5-5, openai/gpt-6-luna; all of them review.
                         Without it the models of the tiers fast and smart do; without any model a scripted demo does
  --lens NAME            security, correctness, concurrency, api, tests, simplicity, or one of .executus/review.yaml

How
  --plan                 say what would be asked, and ask nobody
  --max-cost USD         begin nothing more once this is spent
  --concurrency N        questions at a time (8)
  --timeout SECONDS      for one answer (300)

What is told
  --format FORMAT        text, markdown, json, sarif, rdjson (text)
  --output FILE          to a file, and not to standard output
  --events jsonl         what happens, as JSON lines on standard error
  --min-severity LEVEL   critical, high, medium, low (low)
  --min-agreement N      model families that must agree on what is shown (1)
  --fail-on LEVEL        exit with 1 when there is a finding of this severity or worse that was not refuted

Posting, with --pr and a token in EXECUTUS_REVIEW_TOKEN
  --post                 comment on the pull request; what was posted before is not posted again
  --max-comments N       comments on lines; the rest is in the summary (10)

  --help, -h             this text
  --version              which version this is

Exit codes: 0 done, 1 --fail-on was reached, 2 wrong usage or no way to write the report,
3 not all was looked at, 4 posting failed, 130 interrupted.
Ctrl-C once finishes what is under way and reports; twice stops.`
