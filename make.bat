@echo off
rem make.bat TARGET ...: the same targets as the Makefile, on Windows.
setlocal
cd /d "%~dp0"
set "RUN=%PYTHON%"
for %%v in (3.14 3.13 3.12 3.11) do if not defined RUN py -%%v -c "" >nul 2>nul && set "RUN=py -%%v"
if not defined RUN set "RUN=python"
%RUN% -m tests.tools %*
exit /b %ERRORLEVEL%
