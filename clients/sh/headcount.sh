# Headcount for POSIX sh: one report a day, in the background, without a word. MIT licence. Source or paste it:
#   headcount acme-cli 2.3.1 https://stats.acme.dev deb      # project, version, endpoint, channel
# What is sent, and when: https://github.com/headcount-dev/headcount/blob/main/docs/protocol.md
headcount() { ( ( headcount_send "$@" ) 2>/dev/null >/dev/null </dev/null & ) 2>/dev/null || :; }
headcount_send() {
  [ -z "${ZSH_VERSION-}" ] || emulate sh; set +eux +C -f; unset IFS; trap - EXIT; trap '' HUP INT; umask 077; LC_ALL=C; export LC_ALL; cd / || exit; exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
  hex() { case $1 in *[!0-9a-f]*) false ;; *) [ "${#1}" -eq "$2" ] ;; esac; }; is_secret() { hex "$1" 64; }
  random() { od -An -v -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }; json() { printf %s "$1" | tr -d '\000-\037\177' | sed 's/[\\"]/\\&/g'; }
  sha() { { sha256sum || shasum -a 256 || openssl dgst -sha256 -r; } | cut -c 1-64; }
  is_set() { set -- $1; case $#${1-} in 0 | 10 | 1[Nn][Oo] | 1[Oo][Ff][Ff] | 1[Ff][Aa][Ll][Ss][Ee]) false ;; esac; }
  own() { if [ -f "$1" ] && [ ! -L "$1" ] && [ -O "$1" ]; then tr -d '\000\r' <"$1"; fi; } # reads a file
  put() { printf '%s\n' "$2" >"$1.$h_nonce" && mv -f "$1.$h_nonce" "$1"; }
  add() { [ -e "$1" ] || { printf '%s\n' "$2" >"$1.$h_nonce" && { ln "$1.$h_nonce" "$1" || [ -e "$1" ] || mv "$1.$h_nonce" "$1"; }; rm -f "$1.$h_nonce"; }; }
  is_id() { set -- $1; case ${2-}:$# in machine:[23] | time:[23] | copied:[23]) hex "$1" 16 && hex "${3:-$1}" 16 ;; *) false ;; esac; }
  keep() { h_there=$(ls -d "$1") h_text=$(own "$1"); "$2" "$h_text" || { # replaces what is not valid, but nothing that came meanwhile
      [ -z "$h_there" ] || rm -f "$1"; add "$1" "$3"; h_text=$(own "$1"); "$2" "$h_text"; }; }
  bytes() { h_left=$1; while [ "$h_left" ]; do # the bytes of hex digits, each xor $2
    h_byte=$((0x${h_left%"${h_left#??}"} ^ $2)) h_left=${h_left#??}; printf "\\$((h_byte / 64))$((h_byte / 8 % 8))$((h_byte % 8))"; done; }
  h_project=${1-} h_version=${2:-unknown} h_endpoint=${3-} h_channel=${4-} h_level=full
  case $h_project in '' | *[!\ -~]*) exit ;; esac; [ "${#h_project}" -le 214 ] || exit
  h_name=$(printf %s "$h_project" | tr a-z A-Z | tr -cs A-Z0-9 _) h_name=${h_name#_} h_name=${h_name%_} # section 1: consent
  case $h_name in [0-9]*) h_name=APP_$h_name ;; esac; eval "h_variable=\${${h_name}_TELEMETRY_DISABLED-}"
  for h_value in "${DO_NOT_TRACK-}" "${HEADCOUNT_DISABLED-}" "$h_variable"; do ! is_set "$h_value" || exit; done
  [ -z "${HEADCOUNT_CHILD+x}${SUDO_UID+x}${SUDO_USER+x}${PKEXEC_UID+x}${DOAS_USER+x}${BATS_VERSION-}" ] || exit
  case ${HOME-} in /*) [ -O "$HOME" ] || exit ;; *) exit ;; esac # section 2: files
  h_config=${XDG_CONFIG_HOME-} h_state=${XDG_DATA_HOME-} h_os=$(uname -s) h_folder=$h_project
  case $h_config in /*) ;; *) h_config=$HOME/.config ;; esac; case $h_state in /*) ;; *) h_state=$HOME/.local/share ;; esac
  [ "$h_os" != Darwin ] || { h_config=$HOME/Library/Preferences h_state="$HOME/Library/Application Support"; }
  case $h_project. in *[!a-z0-9._-]* | [!a-z0-9]* | *..* | con.* | prn.* | aux.* | nul.* | com[0-9].* | lpt[0-9].*) h_folder= ;; esac
  if [ -z "$h_folder" ] || [ "${#h_folder}" -gt 64 ]; then
    h_folder=$(printf %s "$h_project" | tr A-Z a-z | tr -cs a-z0-9 - | sed 's/^-*//' | cut -c 1-40 | sed 's/-*$//')
    h_folder=${h_folder:-project}+$(printf %s "$h_project" | sha | cut -c 1-12); fi
  for h_choice in "$h_config/headcount/$h_folder" "$h_config/headcount/_all"; do
    [ ! -d "$h_choice" ] || [ -x "$h_choice" ] || exit; [ -e "$h_choice/choice" ] || [ -L "$h_choice/choice" ] || continue
    case $(own "$h_choice/choice" | tr -d ' \n\t') in '{'*'"telemetry":"on"'*'}') ;; '{'*'"telemetry":"basic"'*'}') h_level=basic ;; *) exit ;; esac; break; done
  h_rest=${h_endpoint#*://} h_host=${h_rest%%[/?#]*}; case $h_endpoint in *@* | *[!!-~]*) exit ;; https://[!/?#]*) ;; # section 5
    http://localhost | http://localhost[:/]* | http://127.0.0.1 | http://127.0.0.1[:/]* | http://\[::1\] | http://\[::1\][:/]*) ;; *) exit ;; esac
  h_url=$h_endpoint; case ${h_rest#"$h_host"} in '' | /) h_url=${h_endpoint%/}/v1/reports ;; esac
  h_origin=$(printf %s "${h_endpoint%%:*}://$h_host" | tr A-Z a-z); case $h_origin in https:*) h_origin=${h_origin%:443} ;; *) h_origin=${h_origin%:80} ;; esac
  h_config=$h_config/headcount/$h_folder h_state=$h_state/headcount/$h_folder h_now=$(date +%s) h_today=$(date -u +%Y-%m-%d) # section 4
  mkdir -p "$h_config" "$h_state" && [ -O "$h_config" ] && [ -O "$h_state" ] && [ ! -L "$h_config" ] && [ ! -L "$h_state" ] || exit
  case $h_version in *[!\ -~]*) [ "${#h_version}" -le 64 ] || h_version=unknown ;; esac; h_version=$(printf %s "$h_version" | cut -c 1-64)
  may_send() { [ ! -L "$h_marker" ] && { [ ! -e "$h_marker" ] || [ -s "$h_marker" ]; } || return; h_wait=$(own "$h_state/wait")
    case $h_wait in '' | *[!0-9]* | ????????????*) ;; *) [ "$h_wait" -le "$h_now" ] || [ "$h_wait" -gt $((h_now + 86400)) ] ;; esac; }
  h_nonce=$(random 8) h_marker=$h_state/day.$h_today h_slot=$((h_now / 600)); [ "$(own "$h_state/retired")" != "$h_version" ] && may_send || exit
  h_ci= h_jenkins=${BUILD_ID:+${JENKINS_URL-}} h_owner= h_kept=true h_id=${HEADCOUNT_ANONYMOUS_ID-} h_source=given # section 3: the ID
  [ "${CI-}" = false ] || for h_value in TF_BUILD:azure-pipelines BUILDKITE:buildkite CIRCLECI:circleci GITHUB_ACTIONS:github-actions \
    GITLAB_CI:gitlab-ci h_jenkins:jenkins TEAMCITY_VERSION:teamcity TRAVIS:travis-ci CI:unknown BUILD_ID:unknown BUILD_NUMBER:unknown \
    CI_APP_ID:unknown CI_BUILD_ID:unknown CI_BUILD_NUMBER:unknown CI_NAME:unknown CONTINUOUS_INTEGRATION:unknown RUN_ID:unknown; do
    eval "[ -z \"\${${h_value%%:*}-}\" ]" || { h_ci=${h_value#*:}; break; }; done
  if hex "$h_id" 16; then :; elif [ "$h_ci" ]; then h_id=ci-$h_ci h_source=ci h_kept=false; else
    keep "$h_config/anonymous-id" is_id "$(random 8) time" || exit; set -- $h_text; h_id=$1 h_source=$2
    if keep "$h_config/owner-secret" is_secret "$(random 32)"; then h_key=${h_text}0000000000000000000000000000000000000000000000000000000000000000
      h_inner=$({ bytes "$h_key" 54; printf '%s\n%s' "$h_origin" "$h_project"; } | sha)
      h_owner=$({ bytes "$h_key" 92; bytes "$h_inner" 0; } | sha) h_owner=$(printf %s "$h_owner" | sha | cut -c 1-32); fi; fi
  case $(uname -m) in x86_64 | amd64) h_arch=x64 ;; aarch64 | arm64) h_arch=arm64 ;; i?86) h_arch=ia32 ;; arm*) h_arch=arm ;; *) h_arch=$(uname -m) ;; esac
  case $h_channel in '' | *[!a-z]*) h_channel=null ;; *) h_channel=\"$h_channel\" ;; esac; h_uuid=$(printf %012x "${h_now}000")$(random 10) h_variant=$(printf %x $((0x${h_uuid#"${h_uuid%?}"} & 3 | 8)))
  h_uuid=$(printf %s "$h_uuid" | sed "s/^\(.\{8\}\)\(....\)\(...\)\(...\)\(.\{12\}\).*/\1-\2-7\3-$h_variant\4-\5/")
  h_report=$(printf '{"report_id":"%s","anonymous_id":"%s",%s"timestamp":"%s","project":"%s","event":"startup","info":{"os":"%s","arch":"%s","version":"%s","runtime":"sh","id_source":"%s","id_persisted":%s,"ci":%s,"channel":%s,"level":"%s"}}' \
    "$h_uuid" "$h_id" "${h_owner:+\"owner\":\"$h_owner\",}" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(json "$h_project")" "$h_os" "$h_arch" \
    "$(json "$h_version")" "$h_source" "$h_kept" "$([ "$h_ci" ] && printf '"%s"' "$h_ci" || printf null)" "$h_channel" "$h_level")
  add "$h_state/app.json" "{\"project\":\"$(json "$h_project")\",\"version\":\"$(json "$h_version")\",\"endpoint\":\"$(json "$h_endpoint")\",\"mode\":\"on\",\"notice\":\"none\",\"events\":\"\",\"inCode\":true}"
  h_there=$h_state/collector.$(printf %s "$h_endpoint" | sha | cut -c 1-16); [ "$(own "$h_there")" = "$h_endpoint" ] || put "$h_there" "$h_endpoint"; [ "$(own "$h_there")" = "$h_endpoint" ] && [ "$(own "$h_state/app.json")" ] || exit
  (set -C; : >"$h_state/claim.$h_slot") || exit # one process at a time decides
  if [ -e "$h_state/claim.$((h_slot - 1))" ] || [ -e "$h_state/claim.$((h_slot + 1))" ] || ! may_send; then h_report=
  elif [ ! -e "$h_marker" ]; then add "$h_marker" "$h_report"; [ "$(own "$h_marker")" = "$h_report" ] || h_report=
  else h_report=$(own "$h_marker"); case $h_report in *"\"anonymous_id\":\"$h_id\",${h_owner:+\"owner\":\"$h_owner\",}\"timestamp\""*) ;; *) : >"$h_marker"; h_report= ;; esac; fi
  [ -z "$h_report" ] || put "$h_state/wait" $((h_now + 600)) || h_report=; rm -f "$h_state/claim.$h_slot"; [ "$h_report" ] || exit
  h_body=$h_report h_type='Content-Type: application/json'; case $h_url in */v1/reports) h_body="{\"sent_at\":\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\",\"reports\":[$h_report]}" ;; esac
  if command -v curl; then h_answer=$(printf %s "$h_body" | curl -q -si -m 3 --suppress-connect-headers -A headcount-sh/1 -H "$h_type" -H Expect: --data-binary @- "$h_url" | tr -d '\r' | sed '1,/^$/s/^/  /')
  else h_answer=$(timeout 3 wget -qSO - -t 1 --no-config --no-hsts --max-redirect=0 --content-on-error -U headcount-sh/1 --header "$h_type" --post-data "$h_body" "$h_url" 2>&1 | tr -d '\r'); fi
  said() { printf '%s\n' "$h_answer" | tr A-Z a-z | sed -n "s/^  $1 *//p" | head -n 1; } # section 6: the answer
  h_code=$(said 'http[^ ]*' | cut -c 1-3) h_type=$(said content-type:) h_after=$(said retry-after:) h_body=$(printf '%s\n' "$h_answer" | sed '/^  /d')
  case $h_body in '{'*'}') h_kind=json ;; '') h_kind=nothing ;; *) h_kind=other ;; esac
  case $h_type,$h_body in application/problem+json*'"type":"urn:headcount:problem:'*"\"status\":$h_code"[,}]*) h_kind=problem ;; esac
  case $h_url,$h_kind,$h_type in */v1/reports,json,text/html*) h_kind=other ;; */v1/reports,*) ;; *,json,*) h_kind=first-generation ;; esac
  case $h_code:$h_kind in 407:* | 408:* | 425:* | 429:*) ;; 410:problem) put "$h_state/retired" "$h_version"; : >"$h_marker" ;;
    2??:json | 2??:nothing | [24]??:first-generation | 4??:problem) : >"$h_marker" ;; esac
  [ ! -s "$h_marker" ] || case $h_after in '' | *[!0-9]*) ;; ??????*) put "$h_state/wait" $((h_now + 86400)) ;; *) [ "$h_after" -le 600 ] || put "$h_state/wait" $((h_now + (h_after < 86400 ? h_after : 86400))) ;; esac
  set +f; for h_value in "$h_state"/day.????-??-?? "$h_state"/claim.*; do [ "$h_value" = "$h_marker" ] || rm -f "$h_value"; done; }
