#!/usr/bin/env bash
# Buys what the manifest asks for, commits and pushes what is there, and only then says how it went: a refusal, a full
# budget or a purchase in doubt must not lose the pictures that were paid for.
#
# Runs in the manifest's folder, on a branch that can be pushed. Reads:
#   PIXELKILN_BUDGET    credits this run may spend (needed)
#   PIXELKILN_MANIFEST  the manifest; default pixelkiln.yaml
#   APIFRAME_API_KEY    the key
#   REPORTERS           flags for the build; default "--reporter text"
#   COMMIT_MESSAGE, COMMIT_PATHS, COMMIT_BRANCH
set -uo pipefail

: "${PIXELKILN_BUDGET:?Give a budget in credits. Nothing is bought in CI without one.}"
export PIXELKILN_MANIFEST="${PIXELKILN_MANIFEST:-pixelkiln.yaml}"
message=${COMMIT_MESSAGE:-Add the pictures that the manifest asks for}
branch=${COMMIT_BRANCH:-$(git branch --show-current)}

# Two branches that add pictures are merged image by image.
npx --no-install pixelkiln merge-driver --install >/dev/null || true

code=0
# shellcheck disable=SC2086 # a list of flags
npx --no-install pixelkiln build ${REPORTERS:---reporter text} || code=$?

case $code in
  0 | 4 | 5 | 7) ;;
  *) exit "$code" ;;
esac

# The asset folder, as the tool itself names it.
out=$(npx --no-install pixelkiln check --json | tail -n 1 |
  node -e 'process.stdout.write(JSON.parse(require("node:fs").readFileSync(0, "utf8")).out || "")')

git add --update -- .
# shellcheck disable=SC2086 # a list of paths
for path in .pixelkiln "${out:-.pixelkiln}" ${COMMIT_PATHS:-}; do
  [ -e "$path" ] && git add --all -- "$path"
done

if git diff --cached --quiet; then
  echo 'Nothing to commit.'
  exit "$code"
fi

git -c user.name="${GIT_AUTHOR_NAME:-pixelkiln}" -c user.email="${GIT_AUTHOR_EMAIL:-pixelkiln@users.noreply.github.com}" \
  commit --quiet --message "$message" || exit 1

# Somebody else may have pushed while the pictures were made.
for try in 1 2 3 4 5; do
  git push --quiet origin "HEAD:$branch" && exit "$code"
  echo "Push $try was refused; taking in what is new."
  git -c user.name=pixelkiln -c user.email=pixelkiln@users.noreply.github.com \
    pull --quiet --rebase origin "$branch" || git rebase --abort
  sleep "$try"
done
echo 'The pictures could not be pushed. They are paid for: push them from this machine, or run again within a day.' >&2
exit 1
