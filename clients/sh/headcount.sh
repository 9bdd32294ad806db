# Headcount for POSIX sh: one report a day, in the background, without a word. MIT licence. Source or paste it:
#   headcount acme-cli 2.3.1 https://stats.acme.dev deb      # project, version, endpoint, channel
# What is sent, and when: https://github.com/headcount-dev/headcount/blob/main/docs/protocol.md
headcount() { ( ( headcount_send "$@" ) 2>/dev/null >/dev/null </dev/null & ) 2>/dev/null || :; }
headcount_send() {
  [ -z "${ZSH_VERSION-}" ] || emulate sh; set +eux +C -f; unset IFS; trap - EXIT; trap '' HUP INT; umask 077; LC_ALL=C; export LC_ALL; cd / || exit; exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
  hex() { case $1 in *[!0-9a-f]*) false ;; *) [ "${#1}" -eq "$2" ] ;; esac; }; is_secret() { hex "$1" 64; }
  random() { od -An -v -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
  sha() { { sha256sum || shasum -a 256 || openssl dgst -sha256 -r; } | cut -c 1-64; }
  json() { printf %s "$1" | tr -d '\000-\037\177' | sed 's/[\\"]/\\&/g'; }
  is_set() { set -- $1; case $#${1-} in 0 | 10 | 1[Nn][Oo] | 1[Oo][Ff][Ff] | 1[Ff][Aa][Ll][Ss][Ee]) false ;; esac; }
  own() { if [ -f "$1" ] && [ ! -L "$1" ] && [ -O "$1" ]; then tr -d '\000\r' <"$1"; fi; } # reads a file
  put() { printf '%s\n' "$2" >"$1.$nonce" && mv -f "$1.$nonce" "$1"; }
  add() { [ -e "$1" ] || { printf '%s\n' "$2" >"$1.$nonce" && { ln "$1.$nonce" "$1" || [ -e "$1" ] || mv "$1.$nonce" "$1"; }; rm -f "$1.$nonce"; }; }
  is_id() { set -- $1; case ${2-}:$# in machine:[23] | time:[23] | copied:[23]) hex "$1" 16 && hex "${3:-$1}" 16 ;; *) false ;; esac; }
  keep() { # reads a file; replaces what is not valid, but nothing that came meanwhile
    there=$(ls -d "$1") text=$(own "$1"); "$2" "$text" || {
      [ -z "$there" ] || rm -f "$1"; add "$1" "$3"; text=$(own "$1"); "$2" "$text"; }; }
  bytes() { # the bytes of hex digits, each xor $2
    left=$1; while [ "$left" ]; do byte=$((0x${left%"${left#??}"} ^ $2)) left=${left#??}
      printf "\\$((byte / 64))$((byte / 8 % 8))$((byte % 8))"; done; }
  project=${1-} version=${2:-unknown} endpoint=${3-} channel=\"${4-}\" level=full
  case $project in '' | *[!\ -~]*) exit ;; esac; [ "${#project}" -le 214 ] || exit
  name=$(printf %s "$project" | tr a-z A-Z | tr -cs A-Z0-9 _) name=${name#_} name=${name%_} # section 1: consent
  case $name in [0-9]*) name=APP_$name ;; esac; eval "variable=\${${name}_TELEMETRY_DISABLED-}"
  for value in "${DO_NOT_TRACK-}" "${HEADCOUNT_DISABLED-}" "$variable"; do ! is_set "$value" || exit; done
  [ -z "${HEADCOUNT_CHILD+x}${SUDO_UID+x}${SUDO_USER+x}${PKEXEC_UID+x}${DOAS_USER+x}${BATS_VERSION-}" ] || exit
  case ${HOME-} in /*) [ -O "$HOME" ] || exit ;; *) exit ;; esac # section 2: files
  config=${XDG_CONFIG_HOME-} state=${XDG_DATA_HOME-} os=$(uname -s) folder=$project
  case $config in /*) ;; *) config=$HOME/.config ;; esac; case $state in /*) ;; *) state=$HOME/.local/share ;; esac
  [ "$os" != Darwin ] || { config=$HOME/Library/Preferences state="$HOME/Library/Application Support"; }
  case $project. in *[!a-z0-9._-]* | [!a-z0-9]* | *..* | con.* | prn.* | aux.* | nul.* | com[0-9].* | lpt[0-9].*) folder= ;; esac
  if [ -z "$folder" ] || [ "${#folder}" -gt 64 ]; then
    folder=$(printf %s "$project" | tr A-Z a-z | tr -cs a-z0-9 - | sed 's/^-*//' | cut -c 1-40 | sed 's/-*$//')
    folder=${folder:-project}+$(printf %s "$project" | sha | cut -c 1-12); fi
  for choice in "$config/headcount/$folder" "$config/headcount/_all"; do
    [ ! -d "$choice" ] || [ -x "$choice" ] || exit; [ -e "$choice/choice" ] || [ -L "$choice/choice" ] || continue
    case $(own "$choice/choice" | tr -d ' \n\t') in '{'*'"telemetry":"on"'*'}') ;; '{'*'"telemetry":"basic"'*'}') level=basic ;; *) exit ;; esac; break; done
  rest=${endpoint#*://} host=${rest%%[/?#]*}; case $endpoint in *@* | *[!!-~]*) exit ;; https://[!/?#]*) ;; # section 5
    http://localhost | http://localhost[:/]* | http://127.0.0.1 | http://127.0.0.1[:/]* | http://\[::1\] | http://\[::1\][:/]*) ;; *) exit ;; esac
  url=$endpoint; case ${rest#"$host"} in '' | /) url=${endpoint%/}/v1/reports ;; esac
  origin=$(printf %s "${endpoint%%:*}://$host" | tr A-Z a-z); case $origin in https:*) origin=${origin%:443} ;; *) origin=${origin%:80} ;; esac
  config=$config/headcount/$folder state=$state/headcount/$folder now=$(date +%s) today=$(date -u +%Y-%m-%d) # section 4
  mkdir -p "$config" "$state" && [ -O "$config" ] && [ -O "$state" ] && [ ! -L "$config" ] && [ ! -L "$state" ] || exit
  nonce=$(random 8) marker=$state/day.$today wait=$(own "$state/wait"); [ "$(own "$state/retired")" != "$version" ] || exit
  case $wait in '' | *[!0-9]* | ????????????*) ;; *) [ "$wait" -le "$now" ] || [ "$wait" -gt $((now + 86400)) ] || exit ;; esac
  [ ! -L "$marker" ] && { [ ! -e "$marker" ] || [ -s "$marker" ]; } || exit
  ci= jenkins=${BUILD_ID:+${JENKINS_URL-}} owner= kept=true id=${HEADCOUNT_ANONYMOUS_ID-} source=given # section 3: the ID
  [ "${CI-}" = false ] || for value in TF_BUILD:azure-pipelines BUILDKITE:buildkite CIRCLECI:circleci GITHUB_ACTIONS:github-actions \
    GITLAB_CI:gitlab-ci jenkins:jenkins TEAMCITY_VERSION:teamcity TRAVIS:travis-ci CI:unknown BUILD_ID:unknown BUILD_NUMBER:unknown \
    CI_APP_ID:unknown CI_BUILD_ID:unknown CI_BUILD_NUMBER:unknown CI_NAME:unknown CONTINUOUS_INTEGRATION:unknown RUN_ID:unknown; do
    eval "[ -z \"\${${value%%:*}-}\" ]" || { ci=${value#*:}; break; }; done
  if hex "$id" 16; then :; elif [ "$ci" ]; then id=ci-$ci source=ci kept=false; else
    keep "$config/anonymous-id" is_id "$(random 8) time" || exit; set -- $text; id=$1 source=$2
    if keep "$config/owner-secret" is_secret "$(random 32)"; then key=${text}0000000000000000000000000000000000000000000000000000000000000000
      inner=$({ bytes "$key" 54; printf '%s\n%s' "$origin" "$project"; } | sha)
      owner=$({ bytes "$key" 92; bytes "$inner" 0; } | sha) owner=$(printf %s "$owner" | sha | cut -c 1-32); fi; fi
  case $(uname -m) in x86_64 | amd64) arch=x64 ;; aarch64 | arm64) arch=arm64 ;; i?86) arch=ia32 ;; arm*) arch=arm ;; *) arch=$(uname -m) ;; esac
  case $channel in *[!a-z\"]* | '""') channel=null ;; esac; case $version in *[!\ -~]*) [ "${#version}" -le 64 ] || version=unknown ;; esac
  uuid=$(printf %012x "${now}000")$(random 10) variant=$(printf %x $((0x${uuid#"${uuid%?}"} & 3 | 8)))
  uuid=$(printf %s "$uuid" | sed "s/^\(.\{8\}\)\(....\)\(...\)\(...\)\(.\{12\}\).*/\1-\2-7\3-$variant\4-\5/")
  report=$(printf '{"report_id":"%s","anonymous_id":"%s",%s"timestamp":"%s","project":"%s","event":"startup","info":{"os":"%s","arch":"%s","version":"%s","runtime":"sh","id_source":"%s","id_persisted":%s,"ci":%s,"channel":%s,"level":"%s"}}' \
    "$uuid" "$id" "${owner:+\"owner\":\"$owner\",}" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(json "$project")" "$os" "$arch" \
    "$(json "$(printf %s "$version" | cut -c 1-64)")" "$source" "$kept" "$([ "$ci" ] && printf '"%s"' "$ci" || printf null)" "$channel" "$level")
  if [ ! -e "$marker" ]; then add "$marker" "$report"; [ "$(own "$marker")" = "$report" ] || exit
  else report=$(own "$marker"); case $report in *"\"anonymous_id\":\"$id\",${owner:+\"owner\":\"$owner\",}\"timestamp\""*) ;; *) : >"$marker"; exit ;; esac; fi
  add "$state/app.json" "{\"project\":\"$(json "$project")\",\"version\":\"$(json "$version")\",\"endpoint\":\"$endpoint\",\"mode\":\"on\",\"notice\":\"none\",\"events\":\"\",\"inCode\":true}"
  put "$state/wait" $((now + 600)); body=$report type='Content-Type: application/json'; case $url in */v1/reports) body="{\"sent_at\":\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\",\"reports\":[$report]}" ;; esac
  if command -v curl; then answer=$(printf %s "$body" | curl -q -si -m 3 --suppress-connect-headers -A headcount-sh/1 -H "$type" -H Expect: --data-binary @- "$url" | tr -d '\r' | sed '1,/^$/s/^/  /')
  else answer=$(timeout 3 wget -qSO - -t 1 --no-config --no-hsts --max-redirect=0 --content-on-error -U headcount-sh/1 --header "$type" --post-data "$body" "$url" 2>&1 | tr -d '\r'); fi
  said() { printf '%s\n' "$answer" | tr A-Z a-z | sed -n "s/^  $1 *//p" | head -n 1; } # section 6: the answer
  code=$(said 'http[^ ]*' | cut -c 1-3) type=$(said content-type:) after=$(said retry-after:) body=$(printf '%s\n' "$answer" | sed '/^  /d')
  case $body in '{'*'}') kind=json ;; '') kind=nothing ;; *) kind=other ;; esac
  case $type,$body in application/problem+json*'"type":"urn:headcount:problem:'*"\"status\":$code"[,}]*) kind=problem ;; esac
  case $url,$kind,$type in */v1/reports,json,text/html*) kind=other ;; */v1/reports,*) ;; *,json,*) kind=first-generation ;; esac
  case $code:$kind in 407:* | 408:* | 425:* | 429:*) ;; 410:problem) put "$state/retired" "$version"; : >"$marker" ;;
    2??:json | 2??:nothing | [24]??:first-generation | 4??:problem) : >"$marker" ;; esac
  [ ! -s "$marker" ] || case $after in '' | *[!0-9]*) ;; ??????*) put "$state/wait" $((now + 86400)) ;; *) [ "$after" -le 600 ] || put "$state/wait" $((now + (after < 86400 ? after : 86400))) ;; esac
  set +f; for value in "$state"/day.????-??-??; do [ "$value" = "$marker" ] || rm -f "$value"; done
}
