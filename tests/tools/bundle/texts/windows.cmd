@echo off
setlocal DisableDelayedExpansion
set "python=%~dp0python\python.exe"
if not exist "%python%" goto packed
"%python%" -m station @arguments@
@end@
:packed
chcp 65001 >nul
echo 请先解压整个压缩包，再打开文件夹里的这个文件。 Unpack the whole archive, then open this file in its folder.
pause
exit /b 2
