@echo off
rem make.bat TARGET ...: the same targets as the Makefile, on Windows.
setlocal
cd /d "%~dp0"
where py >nul 2>nul && (set "RUN=py -3") || (set "RUN=python")
%RUN% -m tests.tools.bootstrap %*
exit /b %ERRORLEVEL%
