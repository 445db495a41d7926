*** Settings ***
Library    Browser    enable_presenter_mode=${False}

*** Variables ***
${PICTURES}    ${True}

*** Test Cases ***
Order
    New Browser    chromium    headless=True    executablePath=%{BENCH_BROWSER}    chromiumSandbox=${False}
    New Context    viewport={'width': 1280, 'height': 720}
    New Page    about:blank
    Go To    %{BENCH_URL}
    Picture    01
    Fill Text    id=email    smoke@example.test
    Picture    02
    Fill Secret    id=password    %BENCH_PASSWORD
    Picture    03
    Click    "Create account"
    Picture    04
    Get Element States    h1 >> text=Welcome    contains    visible
    Picture    05
    Fill Text    id=search    brass pencil
    Picture    06
    Fill Text    id=amount    2
    Picture    07
    Click    "Find"
    Picture    08
    Get Element States    h1 >> text=Results    contains    visible
    Picture    09
    Fill Text    id=name    Robin Ek
    Picture    10
    Fill Text    id=note    Leave it at the door
    Picture    11
    Click    "Save"
    Picture    12
    Get Text    [role=status]    contains    Saved
    Picture    13
    Click    "Finish"
    Picture    14
    Get Element States    h1 >> text=Done    contains    visible
    Picture    15
    Get Element States    text=Your order is complete    contains    visible
    Picture    16
    Close Browser

*** Keywords ***
Picture
    [Arguments]    ${number}
    Wait For Load State    load
    Take Screenshot    filename=${OUTPUT_DIR}/${number}
