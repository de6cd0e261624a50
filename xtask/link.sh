#!/bin/sh
# Linker of the WebAssembly: rust-lld, without the exports that match a pattern in $UNUSED_EXPORTS.
#
# Some crates mark functions for export that nobody calls, and whatever these reach would be in the
# module too. Once it is linked, no optimiser can tell, for their addresses are in the table of
# functions.
set -f # the patterns are no files

is_unused() {
  for pattern in $UNUSED_EXPORTS; do
    # shellcheck disable=SC2254 # a pattern
    case $1 in $pattern) return 0 ;; esac
  done
  return 1
}

previous=
for argument; do
  shift
  case $previous,$argument in
    *,--export) ;;
    --export,*) is_unused "$argument" || set -- "$@" --export "$argument" ;;
    *) set -- "$@" "$argument" ;;
  esac
  previous=$argument
done
exec rust-lld "$@"
