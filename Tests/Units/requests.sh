# The rows of the tutorial's contract that have to hold through the units. Sourced by Tests/Units/checks,
# after Tests/Tools/checking.sh.
# shellcheck shell=bash

field() { # field NAME CURL-ARGUMENT...: the value of a field of the answer
    local name=$1
    shift
    curl -s --max-time 20 -o /dev/null -D - "$@" | tr -d '\r' | sed -n "s/^$name: //Ip"
}

login=(-X POST "$url/api/auth" -H 'Content-Type: application/json' -d '{"username":"bob","password":"password"}')
new_token() { curl -s --max-time 20 "${login[@]}" | sed -n 's/^{"token":"\([A-Za-z0-9_.-]*\)"}$/\1/p'; }
serves() { equal "$(status "$url/api/posts?limit=1")" 200; }
credentials() { printf '{"username":"%s","password":"%s"}' "$1" "$2"; }

check_requests() {
    local bob alice john token
    bob='{"id":1,"username":"bob","name":"Bob","location":"USA","password":""}'
    alice='{"id":2,"username":"alice","name":"Alice","location":"Sweden","password":""}'
    john='{"id":3,"username":"john","name":"John","location":"France","password":""}'

    token=$(new_token)
    check 'a login gives a token' test -n "$token"
    check 'a wrong password' equal "$(answer "$url/api/auth" -d "$(credentials bob wrong)")" '401 {"error":"Wrong password"}'
    check 'an unknown user' equal "$(answer "$url/api/auth" -d "$(credentials eve password)")" \
        '404 {"error":"User not found "}'
    check 'a login without a password' equal "$(answer "$url/api/auth" -d '{"username":"bob"}')" \
        '400 {"error":"Username and password are required"}'
    check 'a login that is no JSON' equal "$(answer "$url/api/auth" -d nonsense)" '400 {"error":"Invalid JSON"}'
    check 'a login by GET' equal "$(answer "$url/api/auth")" '405 {"error":"Method not allowed"}'
    check 'a login by GET names what is allowed' equal "$(field Allow "$url/api/auth")" POST

    check 'users without a token' equal "$(answer "$url/api/users")" \
        '401 {"error":"The authorization header is required"}'
    check 'users without a token ask for one' equal "$(field WWW-Authenticate "$url/api/users")" Bearer
    check 'users with a bad token' equal "$(answer -H 'Authorization: Bearer a.b.c' "$url/api/users")" \
        '401 {"error":"Unauthorized"}'
    check 'users with a token whose signature is changed' equal \
        "$(answer -H "Authorization: Bearer ${token%????}AAAA" "$url/api/users")" '401 {"error":"Unauthorized"}'
    check 'users with a token' equal "$(answer -H "Authorization: Bearer $token" "$url/api/users")" "200 [$bob,$alice,$john]"
    check 'one user' equal "$(answer "$url/api/users/3")" '200 {"id":3,"username":"john","name":"John","location":"France"}'
    check 'no such user' equal "$(answer "$url/api/users/9")" '404 {"error":"Not found"}'
    check 'the posts of a user' equal "$(answer "$url/api/users/2/posts")" '200 [{"id":2,"userId":2,"text":"Hello, NextJS"}]'
    check 'two posts' equal "$(answer "$url/api/posts?limit=2")" \
        '200 [{"id":1,"userId":1,"text":"Hello, World!"},{"id":2,"userId":2,"text":"Hello, NextJS"}]'
    check 'a limit that is no number' equal "$(answer "$url/api/posts?limit=x")" \
        '400 {"error":"limit must be a whole number from 0 up"}'
    check 'comments of a post by a user' equal "$(answer "$url/api/comments/1/2")" \
        '200 [{"id":1,"postId":1,"userId":2,"text":"Hi there!"}]'
    check 'too many parameters' equal "$(answer "$url/api/comments/1/2/3")" \
        '400 {"error":"There cannot be more than two parameters "}'
    check 'another method on a data route' equal "$(status -X DELETE "$url/api/posts")" 405
    check 'another path' equal "$(answer "$url/nowhere")" '404 {"error":"Not found"}'
    check 'a slash at the end' equal "$(status "$url/api/posts/") $(field Location "$url/api/posts/?limit=2")" \
        '308 /api/posts?limit=2'
    check 'HEAD answers without a body' equal "$(status -I "$url/api/posts")" 200
    check 'a path with two readings' equal "$(status --path-as-is "$url/api/x/..%2fusers")" 400
}
