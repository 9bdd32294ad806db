# Headcount for POSIX sh: one report a day, in the background, without a word. MIT licence. Source or paste it:
#   headcount acme-cli 2.3.1 https://stats.acme.dev deb      # project, version, endpoint, channel
# What is sent, and when: https://github.com/headcount-dev/headcount/blob/main/docs/protocol.md
headcount() { ( ( headcount_send "$@" ) 2>/dev/null >/dev/null </dev/null & ) 2>/dev/null || :; }
headcount_send() { [ -z "${ZSH_VERSION-}" ] || emulate sh; set +eux +C -f; unset IFS; trap - EXIT; trap '' HUP INT; umask 077
  LC_ALL=C; export LC_ALL; cd / || exit; exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; random() { od -An -v -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
  hex() { case $1 in *[!0-9a-f]*) false ;; *) [ "${#1}" -eq "$2" ] ;; esac; }; is_secret() { hex "$1" 64; }
  quoted() { printf '"%s"' "$(printf %s "$1" | tr -d '\000-\037\177' | sed 's/[\\"]/\\&/g')"; }
  sha() { { sha256sum || shasum -a 256 || openssl dgst -sha256 -r; } | cut -c 1-"${1:-64}"; }; utc() { date -u "+%Y-%m-%d$1"; }
  is_set() { set -- $1; case $#${1-} in 0|10|1[Nn][Oo]|1[Oo][Ff][Ff]|1[Ff][Aa][Ll][Ss][Ee]) false ;; esac; }
  own() { if [ -f "$1" ] && [ ! -L "$1" ] && [ -O "$1" ]; then tr -d '\000\r' <"$1"; fi; }; is() { [ "$(own "$1")" = "$2" ]; }
  put() { printf '%s\n' "$2" >"$1.$_nonce" && mv -f "$1.$_nonce" "$1"; }; add() { [ -e "$1" ] || { printf '%s\n' "$2" >"$1.$_nonce" &&
      { ln "$1.$_nonce" "$1" || [ -e "$1" ] || mv "$1.$_nonce" "$1"; }; rm -f "$1.$_nonce"; }; }
  is_id() { set -- $1; case ${2-}:$# in machine:[23]|time:[23]|copied:[23]) hex "$1" 16 && hex "${3:-$1}" 16 ;; *) false ;; esac; }
  keep() { _there=$(ls -d "$1") _text=$(own "$1"); "$2" "$_text" || { # replaces what is not valid, but nothing that came meanwhile
      [ -z "$_there" ] || rm -f "$1"; add "$1" "$3"; _text=$(own "$1"); "$2" "$_text"; }; }
  bytes() { _left=$1; while [ "$_left" ]; do # the bytes of hex digits, each xor $2
      _byte=$((0x${_left%"${_left#??}"} ^ $2)) _left=${_left#??}; printf "\\$((_byte / 64))$((_byte / 8 % 8))$((_byte % 8))"; done; }
  _project=${1-} _version=${2:-unknown} _endpoint=${3-} _channel=${4-} _level=full # section 1: consent
  case $_project in ''|*[!\ -~]*) exit ;; esac; [ "${#_project}" -le 214 ] || exit
  _name=$(printf %s "$_project" | tr a-z A-Z | tr -cs A-Z0-9 _) _name=${_name#_} _name=${_name%_}
  case $_name in [0-9]*) _name=APP_$_name ;; esac; eval "_variable=\${${_name}_TELEMETRY_DISABLED-}"
  for _value in "${DO_NOT_TRACK-}" "${HEADCOUNT_DISABLED-}" "$_variable"; do ! is_set "$_value" || exit; done
  [ -z "${HEADCOUNT_CHILD+x}${SUDO_UID+x}${SUDO_USER+x}${PKEXEC_UID+x}${DOAS_USER+x}${BATS_VERSION-}" ] || exit
  case ${HOME-} in /*) [ -O "$HOME" ] || exit ;; *) exit ;; esac; _config=${XDG_CONFIG_HOME-} _state=${XDG_DATA_HOME-} # section 2: files
  case $_config in /*) ;; *) _config=$HOME/.config ;; esac; case $_state in /*) ;; *) _state=$HOME/.local/share ;; esac
  _os=$(uname -s); [ "$_os" != Darwin ] || { _config=$HOME/Library/Preferences _state="$HOME/Library/Application Support"; }
  _folder=$_project; case $_project. in *[!a-z0-9._-]*|[!a-z0-9]*|*..*|con.*|prn.*|aux.*|nul.*|com[0-9].*|lpt[0-9].*) _folder= ;; esac
  if [ -z "$_folder" ] || [ "${#_folder}" -gt 64 ]; then
    _folder=$(printf %s "$_project" | tr A-Z a-z | tr -cs a-z0-9 - | sed 's/^-*//' | cut -c 1-40 | sed 's/-*$//')
    _folder=${_folder:-project}+$(printf %s "$_project" | sha 12); fi; for _choice in "$_config/headcount/$_folder" "$_config/headcount/_all"; do
    [ ! -d "$_choice" ] || [ -x "$_choice" ] || exit; _choice=$_choice/choice; [ -e "$_choice" ] || [ -L "$_choice" ] || continue
  case $(own "$_choice" | tr -d ' \n\t') in '{'*'"telemetry":"on"'*'}') ;; '{'*'"telemetry":"basic"'*'}') _level=basic ;; *) exit ;; esac; break; done
  case $_endpoint/ in *@*|*[!!-~]*) exit ;; https://[!/?#]*) ;; # section 5: the address
  http://localhost[:/]*|http://127.0.0.1[:/]*|http://\[::1\][:/]*) ;; *) exit ;; esac; _rest=${_endpoint#*://} _host=${_rest%%[/?#]*} _url=$_endpoint
  case ${_rest#"$_host"} in ''|/) _url=${_endpoint%/}/v1/reports ;; esac; _origin=$(printf %s "${_endpoint%%:*}://$_host" | tr A-Z a-z)
  case $_origin in https:*) _origin=${_origin%:443} ;; *) _origin=${_origin%:80} ;; esac
  _config=$_config/headcount/$_folder _state=$_state/headcount/$_folder _now=$(date +%s) _marker=day.$(utc) _slot=$((_now / 600))
  mkdir -p "$_config" "$_state" && [ -O "$_config" ] && [ -O "$_state" ] && [ ! -L "$_config" ] && [ ! -L "$_state" ] && cd "$_state" || exit
  case $_version in *[!\ -~]*) [ "${#_version}" -le 64 ] || _version=unknown ;; esac; _version=$(printf %s "$_version" | cut -c 1-64)
  may_send() { [ ! -L $_marker ] && { [ ! -e $_marker ] || [ -s $_marker ]; } || return; _wait=$(own wait); case $_wait in
      ''|*[!0-9]*|????????????*) ;; *) [ "$_wait" -le "$_now" ] || [ "$_wait" -gt $((_now + 86400)) ] ;; esac; } # section 4: when
  if is retired "$_version" || ! may_send; then exit; fi; _nonce=$(random 8) _collector=collector.$(printf %s "$_endpoint" | sha 16)
  _ci= _jenkins=${BUILD_ID:+${JENKINS_URL-}} _owner= _kept=true _id=${HEADCOUNT_ANONYMOUS_ID-} _source=given # section 3: the ID
  [ "${CI-}" = false ] || for _value in TF_BUILD:azure-pipelines BUILDKITE:buildkite CIRCLECI:circleci GITHUB_ACTIONS:github-actions \
      GITLAB_CI:gitlab-ci _jenkins:jenkins TEAMCITY_VERSION:teamcity TRAVIS:travis-ci CI: BUILD_ID: BUILD_NUMBER: CI_APP_ID: CI_BUILD_ID: \
      CI_BUILD_NUMBER: CI_NAME: CONTINUOUS_INTEGRATION: RUN_ID:; do eval "[ -z \"\${${_value%%:*}-}\" ]" || {
      _ci=${_value#*:} _ci=${_ci:-unknown}; break; }; done
  if hex "$_id" 16; then :; elif [ "$_ci" ]; then _id=ci-$_ci _source=ci _kept=false; else
    keep "$_config/anonymous-id" is_id "$(random 8) time" || exit; set -- $_text; _id=$1 _source=$2
    if keep "$_config/owner-secret" is_secret "$(random 32)"; then _text=$_text$(printf %064d 0)
      _owner=$({ bytes "$_text" 54; printf '%s\n%s' "$_origin" "$_project"; } | sha)
      _owner=$({ bytes "$_text" 92; bytes "$_owner" 0; } | sha) _owner=$(printf %s "$_owner" | sha 32); fi; fi
  _arch=$(uname -m); case $_arch in x86_64|amd64) _arch=x64 ;; aarch64) _arch=arm64 ;; i?86) _arch=ia32 ;; arm64) ;; arm*) _arch=arm ;; esac
  case $_channel in ''|*[!a-z]*) _channel=null ;; *) _channel=\"$_channel\" ;; esac; _ci=$([ "$_ci" ] && quoted "$_ci" || echo null)
  _uuid=$(printf %012x "${_now}000")$(random 10) _variant=$(printf %x $((0x${_uuid#"${_uuid%?}"} & 3 | 8)))
  _uuid=$(printf %s "$_uuid" | sed "s/^\(.\{8\}\)\(....\)\(...\)\(...\)\(.\{12\}\).*/\1-\2-7\3-$_variant\4-\5/")
  _who="\"anonymous_id\":\"$_id\",${_owner:+\"owner\":\"$_owner\",}\"timestamp\":" _project=$(quoted "$_project") _ver=$(quoted "$_version")
  _report="{\"report_id\":\"$_uuid\",$_who\"$(utc T%H:%M:%SZ)\",\"project\":$_project,\"event\":\"startup\",\"info\":{\"os\":\"$_os\","
  _report="$_report\"arch\":\"$_arch\",\"version\":$_ver,\"runtime\":\"sh\",\"id_source\":\"$_source\","
  _report="$_report\"id_persisted\":$_kept,\"ci\":$_ci,\"channel\":$_channel,\"level\":\"$_level\"}}"
  add app.json "{\"project\":$_project,\"version\":$_ver,\"endpoint\":$(quoted "$_endpoint"),"'"mode":"on","notice":"none","events":"","inCode":true}'
  is $_collector "$_endpoint" || put $_collector "$_endpoint"; is $_collector "$_endpoint" && [ "$(own app.json)" ] || exit
  (set -C; : >claim.$_slot) || exit; if [ -e claim.$((_slot - 1)) ] || [ -e claim.$((_slot + 1)) ] || ! may_send; then _report=
  elif [ ! -e $_marker ]; then add $_marker "$_report"; is $_marker "$_report" || _report=
  else _report=$(own $_marker); case $_report in *"$_who"*) ;; *) : >$_marker; _report= ;; esac; fi # one process at a time decides
  [ -z "$_report" ] || put wait $((_now + 600)) || _report=; rm -f claim.$_slot; [ "$_report" ] || exit; _type='Content-Type: application/json'
  _body=$_report; case $_url in */v1/reports) _body="{\"sent_at\":\"$(utc T%H:%M:%SZ)\",\"reports\":[$_report]}" ;; esac
  if command -v curl; then _answer=$(printf %s "$_body" | curl -q -si -m 3 --suppress-connect-headers -A headcount-sh/1 -H "$_type" -H Expect: \
      --data-binary @- "$_url" | tr -d '\r' | sed '1,/^$/s/^/  /'); else _answer=$(timeout 3 wget -qSO - -t 1 --no-config --no-hsts \
      --max-redirect=0 --content-on-error -U headcount-sh/1 --header "$_type" --post-data "$_body" "$_url" 2>&1 | tr -d '\r'); fi
  said() { printf '%s\n' "$_answer" | tr A-Z a-z | sed -n "s/^  $1 *//p" | head -n 1; } # section 6: the answer
  _code=$(said 'http[^ ]*' | cut -c 1-3) _type=$(said content-type:) _after=$(said retry-after:)
  _body=$(printf '%s\n' "$_answer" | sed '/^  /d') _kind=other; case $_body in '{'*'}') _kind=json ;; '') _kind=nothing ;; esac
  case $_type,$_body in application/problem+json*'"type":"urn:headcount:problem:'*"\"status\":$_code"[,}]*) _kind=problem ;; esac
  case $_url,$_kind,$_type in */v1/reports,json,text/html*) _kind=other ;; */v1/reports,*) ;; *,json,*) _kind=first-generation ;; esac
  case $_code:$_kind in 407:*|408:*|425:*|429:*) ;; 410:problem) put retired "$_version"; : >$_marker ;;
    2??:json|2??:nothing|[24]??:first-generation|4??:problem) : >$_marker ;; esac; [ ! -s $_marker ] || case $_after in ''|*[!0-9]*) ;;
    ??????*) put wait $((_now + 86400)) ;; *) [ "$_after" -le 600 ] || put wait $((_now + (_after < 86400 ? _after : 86400))) ;; esac
  set +f; for _value in day.????-??-?? claim.*; do [ "$_value" = $_marker ] || rm -f "$_value"; done; }
