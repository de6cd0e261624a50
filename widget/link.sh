#!/bin/sh
# Linker of the widget: rust-lld, without the exports of `wasm-streams`.
#
# Leptos depends on that crate for server functions, which the survey does not have. Its functions
# are marked for export, and whatever they reach would be in the module too; once it is linked, no
# optimiser can tell, for their addresses are in the table of functions.
previous=
for argument; do
  shift
  case $previous,$argument in
    *,--export | --export,*intounderlying*) ;;
    --export,*) set -- "$@" --export "$argument" ;;
    *) set -- "$@" "$argument" ;;
  esac
  previous=$argument
done
exec rust-lld "$@"
