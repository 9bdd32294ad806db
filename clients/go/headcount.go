// Package headcount reports once a day that a program is used, without a word. Go 1.19 and later, standard
// library alone. MIT licence. Copy this file into a folder headcount of your module:
//
//	wait := headcount.Start(headcount.App{Project: "acme-cli", Version: version, Endpoint: "https://stats.acme.dev"})
//	defer wait()
//
// The program reports while it works, and waits at its end for what is under way: once a day, until 3 seconds after
// Start at most. A program that does not wait reports only on runs that last longer than the request. What is
// sent, and when:
// https://github.com/headcount-dev/headcount/blob/main/docs/protocol.md
package headcount

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// App is the program that reports. Channel is how it was installed ("brew", "deb", …), or empty.
type App struct{ Project, Version, Endpoint, Channel string }

const (
	timeout     = 3 * time.Second
	waitSeconds = 600
	daySeconds  = 86400
	maxAnswer   = 128 << 10
	systems     = "TF_BUILD:azure-pipelines BUILDKITE:buildkite CIRCLECI:circleci GITHUB_ACTIONS:github-actions " +
		"GITLAB_CI:gitlab-ci JENKINS_URL:jenkins TEAMCITY_VERSION:teamcity TRAVIS:travis-ci CI BUILD_ID BUILD_NUMBER " +
		"CI_APP_ID CI_BUILD_ID CI_BUILD_NUMBER CI_NAME CONTINUOUS_INTEGRATION RUN_ID"
)

var (
	printable = regexp.MustCompile(`^[ -~]{1,214}$`)
	plain     = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*(\.[a-z0-9_-]+)*$`)
	device    = regexp.MustCompile(`^(con|prn|aux|nul|com\d|lpt\d)(\.|$)`)
	loopback  = regexp.MustCompile(`^(localhost|127(\.\d{1,3}){3}|::1)$`)
	storedID  = regexp.MustCompile(`^([0-9a-f]{16}) (machine|time|copied)( [0-9a-f]{16})?$`)
	secretHex = regexp.MustCompile(`^[0-9a-f]{64}$`)
	givenID   = regexp.MustCompile(`^[0-9a-f]{16}$`)
	leftOver  = regexp.MustCompile(`^(day\.\d{4}-\d\d-\d\d|claim\.\d+)$`)
	draftName = regexp.MustCompile(`^(anonymous-id|owner-secret|app\.json|wait|retired|collector\.[0-9a-f]{16}|day\.\d{4}-\d\d-\d\d)\.[0-9a-f]{16}$`)
	word      = regexp.MustCompile(`^[a-z]+$`)
	digits    = regexp.MustCompile(`^\d{1,9}(\.\d+)?$`)
	page      = regexp.MustCompile(`^text/html\b`)
	problem   = regexp.MustCompile(`^application/problem\+json\s*(;|$)`)
	errRefuse = errors.New("nothing is sent")
	archNames = map[string]string{"amd64": "x64", "386": "ia32"}
	osNames   = map[string]string{"linux": "Linux", "darwin": "Darwin", "windows": "Windows", "freebsd": "FreeBSD",
		"openbsd": "OpenBSD", "netbsd": "NetBSD", "android": "Android", "solaris": "SunOS", "illumos": "SunOS", "aix": "AIX"}
)

// Start reports in the background. The function that it returns waits until that is done, which is 3 seconds
// after Start at the latest: call it at the end of a short program (and before os.Exit, which runs nothing deferred).
func Start(app App) (wait func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		Report(app)
	}()
	return func() { <-done }
}

// Report sends the report of the day, if there is one to send. It takes 3 seconds at most, never panics, and
// returns whether the day's report is delivered.
func Report(app App) (delivered bool) {
	done := make(chan bool, 1)
	go func() {
		defer func() {
			if recover() != nil {
				done <- false
			}
		}()
		ok, err := report(app)
		done <- ok && err == nil
	}()
	select {
	case delivered = <-done:
	case <-time.After(timeout):
	}
	return delivered
}

type files struct{ config, state string }

func report(app App) (bool, error) {
	if !printable.MatchString(app.Project) || isOff(app.Project) {
		return false, nil
	}
	if app.Version == "" {
		app.Version = "unknown"
	}
	if letters := []rune(app.Version); len(letters) > 64 {
		app.Version = string(letters[:64])
	}
	at, err := foldersOf(app.Project)
	if err != nil {
		return false, err
	}
	level, err := levelIn(at.config)
	if err != nil {
		return false, err
	}
	to, origin, isBatch, err := parseEndpoint(app.Endpoint)
	if err != nil {
		return false, err
	}
	for _, folder := range []string{at.config, at.state} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return false, err
		}
		if err := checkOwn(folder, os.Lstat); err != nil {
			return false, err
		}
	}
	if read(at.state, "retired") == app.Version || mustWait(read(at.state, "wait")) {
		return false, nil
	}
	day := "day." + time.Now().UTC().Format("2006-01-02")
	if isThere(at.state, day) && read(at.state, day) == "" {
		return true, nil
	}
	id, err := identify(at.config, app.Project, origin)
	if err != nil {
		return false, err
	}
	add(at.state, "app.json", mustJSON(appRecord{app.Project, app.Version, app.Endpoint, "on", "none", "", true}))
	collector := "collector." + sha(app.Endpoint)[:16]
	if read(at.state, collector) != app.Endpoint {
		_ = put(at.state, collector, app.Endpoint)
	}
	if read(at.state, "app.json") == "" || read(at.state, collector) != app.Endpoint {
		return false, errRefuse
	}
	text, err := take(at.state, day, id, newReport(id, app, level))
	if err != nil || text == "" {
		return false, err
	}
	if _, err := levelIn(at.config); err != nil || isOff(app.Project) {
		return false, err
	}
	meaning, after := send(to, isBatch, text)
	if meaning == "retired" {
		_ = put(at.state, "retired", app.Version)
	}
	if meaning != "failure" {
		_ = put(at.state, day, "")
	} else if after > waitSeconds {
		_ = wait(at.state, after)
	}
	entries, _ := os.ReadDir(at.state)
	for _, entry := range entries {
		if name := entry.Name(); leftOver.MatchString(name) && name != day {
			_ = os.Remove(filepath.Join(at.state, name))
		}
	}
	removeDrafts(at.config)
	removeDrafts(at.state)
	return meaning == "acknowledged", nil
}

// removeDrafts deletes what a program left that was killed while it wrote.
func removeDrafts(folder string) {
	entries, _ := os.ReadDir(folder)
	for _, entry := range entries {
		found, err := entry.Info()
		if err == nil && draftName.MatchString(entry.Name()) && time.Since(found.ModTime()) > waitSeconds*time.Second {
			_ = os.Remove(filepath.Join(folder, entry.Name()))
		}
	}
}

// 1. Consent

func isOff(project string) bool {
	name := strings.Trim(regexp.MustCompile(`[^A-Z0-9]+`).ReplaceAllString(strings.ToUpper(project), "_"), "_")
	if name != "" && name[0] <= '9' {
		name = "APP_" + name
	}
	for _, variable := range []string{"DO_NOT_TRACK", "HEADCOUNT_DISABLED", name + "_TELEMETRY_DISABLED"} {
		switch strings.ToLower(strings.TrimSpace(os.Getenv(variable))) {
		case "", "0", "false", "off", "no":
		default:
			return true
		}
	}
	for _, variable := range []string{"HEADCOUNT_CHILD", "SUDO_UID", "SUDO_USER", "PKEXEC_UID", "DOAS_USER"} {
		if _, isThere := os.LookupEnv(variable); isThere {
			return true
		}
	}
	return flag.Lookup("test.v") != nil // `go test` runs the program
}

func levelIn(config string) (string, error) {
	for _, folder := range []string{config, filepath.Join(filepath.Dir(config), "_all")} {
		path := filepath.Join(folder, "choice")
		if _, err := os.Lstat(path); err != nil {
			if os.IsNotExist(err) || strings.Contains(err.Error(), "not a directory") {
				continue
			}
			return "", err
		}
		text, err := readOwn(path)
		if err != nil {
			return "", err
		}
		var choice struct{ Telemetry string }
		if err := json.Unmarshal([]byte(text), &choice); err != nil {
			return "", err
		}
		switch choice.Telemetry {
		case "on":
			return "full", nil
		case "basic":
			return "basic", nil
		}
		return "", errRefuse
	}
	return "full", nil
}

// 2. Files

func foldersOf(project string) (files, error) {
	home, err := os.UserHomeDir()
	if err != nil || !filepath.IsAbs(home) {
		return files{}, errRefuse
	}
	if err := checkOwn(home, os.Stat); err != nil {
		return files{}, err
	}
	config, state := os.Getenv("XDG_CONFIG_HOME"), os.Getenv("XDG_DATA_HOME")
	if !filepath.IsAbs(config) {
		config = filepath.Join(home, ".config")
	}
	if !filepath.IsAbs(state) {
		state = filepath.Join(home, ".local", "share")
	}
	if runtime.GOOS == "darwin" {
		config, state = filepath.Join(home, "Library", "Preferences"), filepath.Join(home, "Library", "Application Support")
	}
	folder := project
	if !plain.MatchString(project) || len(project) > 64 || device.MatchString(project) {
		readable := regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.ToLower(project), "-")
		readable = strings.TrimLeft(readable, "-")
		if len(readable) > 40 {
			readable = readable[:40]
		}
		if readable = strings.TrimRight(readable, "-"); readable == "" {
			readable = "project"
		}
		folder = readable + "+" + sha(project)[:12]
	}
	return files{filepath.Join(config, "headcount", folder), filepath.Join(state, "headcount", folder)}, nil
}

func checkOwn(path string, look func(string) (os.FileInfo, error)) error {
	found, err := look(path)
	if err == nil && (found.Mode()&os.ModeSymlink != 0 || !isOwn(found)) {
		err = errRefuse
	}
	return err
}

var ownerField = regexp.MustCompile(`\bUid:(\d+)`)

// isOwn tells whether a file is this account's. The type of Sys() differs between systems, so its text is read:
// Windows has no owner in it.
func isOwn(found os.FileInfo) bool {
	match := ownerField.FindStringSubmatch(fmt.Sprintf("%+v", found.Sys()))
	return match == nil || match[1] == strconv.Itoa(os.Geteuid())
}

func readOwn(path string) (string, error) {
	found, err := os.Lstat(path)
	if err != nil {
		return "", err
	}
	if !found.Mode().IsRegular() || !isOwn(found) {
		return "", errRefuse
	}
	content, err := os.ReadFile(path)
	return strings.TrimSpace(string(content)), err
}

func read(folder, name string) string {
	text, err := readOwn(filepath.Join(folder, name))
	if err != nil {
		return ""
	}
	return text
}

func isThere(folder, name string) bool {
	_, err := os.Lstat(filepath.Join(folder, name))
	return !os.IsNotExist(err)
}

func draft(folder, name, text string) (string, error) {
	if text != "" {
		text += "\n"
	}
	path := filepath.Join(folder, name+"."+randomHex(8))
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	_, err = file.WriteString(text)
	if closing := file.Close(); err == nil {
		err = closing
	}
	return file.Name(), err
}

func put(folder, name, text string) error {
	path, err := draft(folder, name, text)
	if err == nil {
		err = os.Rename(path, filepath.Join(folder, name))
	}
	return err
}

// add creates a file in one step, and tells whether there was none.
func add(folder, name, text string) bool {
	path, err := draft(folder, name, text)
	if err != nil {
		return false
	}
	defer os.Remove(path)
	to := filepath.Join(folder, name)
	if err := os.Link(path, to); err == nil || os.IsExist(err) {
		return err == nil
	}
	if _, err := os.Lstat(to); err == nil { // a disk without hard links
		return false
	}
	return os.Rename(path, to) == nil
}

// 3. The ID

type identity struct {
	AnonymousID, Owner, Source string
	IsPersisted                bool
	CI                         *string
}

// members gives what a report says of the ID, up to what follows.
func (id identity) members() string {
	owner := ""
	if id.Owner != "" {
		owner = `"owner":"` + id.Owner + `",`
	}
	return `"anonymous_id":"` + id.AnonymousID + `",` + owner + `"timestamp"`
}

func ciSystem() string {
	if os.Getenv("CI") == "false" {
		return ""
	}
	for _, entry := range strings.Fields(systems) {
		variable, system, isNamed := strings.Cut(entry, ":")
		if os.Getenv(variable) == "" || system == "jenkins" && os.Getenv("BUILD_ID") == "" {
			continue
		}
		if isNamed {
			return system
		}
		return "unknown"
	}
	return ""
}

func identify(config, project, origin string) (identity, error) {
	var ci *string
	if system := ciSystem(); system != "" {
		ci = &system
	}
	if given := os.Getenv("HEADCOUNT_ANONYMOUS_ID"); givenID.MatchString(given) {
		return identity{given, "", "given", true, ci}, nil
	}
	if ci != nil {
		return identity{"ci-" + *ci, "", "ci", false, ci}, nil
	}
	id, err := keep(config, "anonymous-id", storedID, func() string { return randomHex(8) + " time" })
	if err != nil {
		return identity{}, err
	}
	secret, err := keep(config, "owner-secret", secretHex, func() string { return randomHex(32) })
	if err != nil {
		return identity{}, err
	}
	key, _ := hex.DecodeString(secret[0])
	proof := hmac.New(sha256.New, key)
	proof.Write([]byte(origin + "\n" + project))
	return identity{id[1], sha(hex.EncodeToString(proof.Sum(nil)))[:32], id[2], true, nil}, nil
}

func keep(folder, name string, pattern *regexp.Regexp, make func() string) ([]string, error) {
	_, missing := os.Lstat(filepath.Join(folder, name)) // asked first: what comes meanwhile stays
	if match := pattern.FindStringSubmatch(read(folder, name)); match != nil {
		return match, nil
	}
	if missing == nil {
		_ = os.Remove(filepath.Join(folder, name))
	}
	add(folder, name, make())
	if match := pattern.FindStringSubmatch(read(folder, name)); match != nil {
		return match, nil // only what the next run finds counts
	}
	return nil, errRefuse
}

func sha(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func randomHex(count int) string {
	random := make([]byte, count)
	if _, err := rand.Read(random); err != nil {
		panic(err) // Report() recovers
	}
	return hex.EncodeToString(random)
}

// 4. The day marker

func mustWait(text string) bool {
	until, err := strconv.ParseInt(text, 10, 64)
	left := until - time.Now().Unix()
	return err == nil && left > 0 && left <= daySeconds
}

func wait(state string, seconds int64) error {
	return put(state, "wait", strconv.FormatInt(time.Now().Unix()+seconds, 10))
}

// take returns what to send now, if anything. One process at a time decides; the others get an error.
func take(state, day string, id identity, report string) (string, error) {
	slot := time.Now().Unix() / waitSeconds
	name := func(slot int64) string { return "claim." + strconv.FormatInt(slot, 10) }
	claim, err := os.OpenFile(filepath.Join(state, name(slot)), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	defer os.Remove(claim.Name())
	if err := claim.Close(); err != nil {
		return "", err
	}
	if isThere(state, name(slot-1)) || isThere(state, name(slot+1)) || mustWait(read(state, "wait")) {
		return "", nil
	}
	text := report
	if isThere(state, day) {
		if text = read(state, day); text == "" {
			return "", nil
		}
		if !strings.Contains(text, id.members()) {
			return "", put(state, day, "")
		}
	} else if !add(state, day, text) {
		return "", nil
	}
	return text, wait(state, waitSeconds)
}

// 5. The report

type info struct {
	OS          string  `json:"os"`
	Arch        string  `json:"arch"`
	Version     string  `json:"version"`
	Runtime     string  `json:"runtime"`
	IDSource    string  `json:"id_source"`
	IDPersisted bool    `json:"id_persisted"`
	CI          *string `json:"ci"`
	Channel     *string `json:"channel"`
	Level       string  `json:"level"`
}

type oneReport struct {
	ReportID    string `json:"report_id"`
	AnonymousID string `json:"anonymous_id"`
	Owner       string `json:"owner,omitempty"`
	Timestamp   string `json:"timestamp"`
	Project     string `json:"project"`
	Event       string `json:"event"`
	Info        info   `json:"info"`
}

// appRecord is what the headcount command needs to know, to show and delete what was sent.
type appRecord struct {
	Project  string `json:"project"`
	Version  string `json:"version"`
	Endpoint string `json:"endpoint"`
	Mode     string `json:"mode"`
	Notice   string `json:"notice"`
	Events   string `json:"events"`
	InCode   bool   `json:"inCode"`
}

func newReport(id identity, app App, level string) string {
	now := time.Now().UTC()
	random := randomHex(10)
	variant := "89ab"[random[19]&3]
	time48 := fmt.Sprintf("%012x", now.UnixMilli())
	facts := info{osNames[runtime.GOOS], archNames[runtime.GOARCH], app.Version, "go", id.Source, id.IsPersisted, id.CI, nil, level}
	if facts.OS == "" {
		facts.OS = runtime.GOOS
	}
	if facts.Arch == "" {
		facts.Arch = runtime.GOARCH
	}
	if word.MatchString(app.Channel) {
		facts.Channel = &app.Channel
	}
	return mustJSON(oneReport{
		fmt.Sprintf("%s-%s-7%s-%c%s-%s", time48[:8], time48[8:], random[:3], variant, random[3:6], random[6:18]),
		id.AnonymousID, id.Owner, now.Format("2006-01-02T15:04:05.000Z"), app.Project, "startup", facts,
	})
}

func mustJSON(value any) string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err) // Report() recovers
	}
	return strings.TrimSpace(text.String())
}

func parseEndpoint(text string) (to *url.URL, origin string, isBatch bool, err error) {
	to, err = url.Parse(text)
	if err != nil {
		return nil, "", false, err
	}
	host, port := strings.ToLower(to.Hostname()), to.Port()
	isSafe := to.Scheme == "https" || to.Scheme == "http" && loopback.MatchString(host)
	if !isSafe || host == "" || to.User != nil {
		return nil, "", false, errRefuse
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	origin = to.Scheme + "://" + host
	if port != "" && to.Scheme+port != "https443" && to.Scheme+port != "http80" {
		origin += ":" + port
	}
	if (to.Path == "" || to.Path == "/") && to.RawQuery == "" {
		to.Path = "/v1/reports"
	}
	to.Fragment = ""
	return to, origin, strings.HasSuffix(to.Path, "/v1/reports"), nil
}

func send(to *url.URL, isBatch bool, text string) (meaning string, after int64) {
	body := text
	if isBatch {
		body = `{"sent_at":"` + time.Now().UTC().Format("2006-01-02T15:04:05Z") + `","reports":[` + text + `]}`
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, to.String(), strings.NewReader(body))
	if err != nil {
		return "failure", 0
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "headcount-go/1")
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(request)
	if err != nil {
		return "failure", 0
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	after = retryAfter(answer.Header.Get("Retry-After"))
	if err != nil || len(content) > maxAnswer {
		return "failure", after
	}
	return meaningOf(answer.StatusCode, strings.ToLower(answer.Header.Get("Content-Type")), content, isBatch), after
}

// 6. The answer

func meaningOf(status int, kind string, content []byte, isBatch bool) string {
	var said struct {
		Type   string
		Status int
	}
	isEmpty := len(bytes.TrimSpace(content)) == 0
	isJSON := json.Valid(content)
	isObject := isJSON && bytes.HasPrefix(bytes.TrimSpace(content), []byte("{"))
	if status >= 200 && status <= 299 {
		if isEmpty || isJSON && !(isBatch && page.MatchString(kind)) {
			return "acknowledged"
		}
		return "failure"
	}
	isProblem := problem.MatchString(kind) && json.Unmarshal(content, &said) == nil &&
		strings.HasPrefix(said.Type, "urn:headcount:problem:") && said.Status == status
	switch {
	case status == 410 && isProblem:
		return "retired"
	case status < 400 || status > 499 || status == 407 || status == 408 || status == 425 || status == 429:
		return "failure"
	case isProblem || !isBatch && isObject:
		return "refused"
	}
	return "failure"
}

// retryAfter gives seconds, a day at most.
func retryAfter(text string) int64 {
	text = strings.TrimSpace(text)
	seconds := 0.0
	if digits.MatchString(text) {
		seconds, _ = strconv.ParseFloat(text, 64)
	} else if moment, err := http.ParseTime(text); err == nil {
		seconds = time.Until(moment).Seconds()
	}
	if seconds > daySeconds {
		return daySeconds
	}
	return int64(seconds)
}
